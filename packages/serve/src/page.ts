/** Nothing from elsewhere, and no other page around it. */
export const PAGE_POLICY = {
  'Content-Security-Policy':
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'X-Content-Type-Options': 'nosniff',
} as const;

/** A page to try models. */
export const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Bitgrad models</title>
<style>
  :root { color-scheme: light dark; }
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 44rem; margin: 2rem auto; padding: 0 1rem; }
  label { display: block; margin-top: 1rem; font-weight: 600; }
  select, textarea, input, button { font: inherit; padding: .4rem; box-sizing: border-box; }
  textarea { width: 100%; height: 10rem; font-family: ui-monospace, monospace; }
  pre { overflow: auto; padding: 1rem; border: 1px solid; border-radius: .4rem; }
  button { margin-top: 1rem; }
</style>
<h1>Bitgrad models</h1>
<label for="model">Model</label><select id="model"></select>
<label for="row">A row, or a list of rows, as JSON</label><textarea id="row" spellcheck="false"></textarea>
<label for="file">or an image, or a CSV file</label><input id="file" type="file" accept="image/*,.csv">
<label for="token">Token, if the server wants one</label><input id="token" type="password" autocomplete="off">
<p><button id="ask">Predict</button></p>
<pre id="answer" aria-live="polite"></pre>
<p><a href="openapi.json">openapi.json</a> · <a href="metrics">metrics</a></p>
<script>
  const at = (id) => document.getElementById(id);
  const headers = () => (at('token').value ? { Authorization: 'Bearer ' + at('token').value } : {});
  let models = [];
  async function list() {
    const response = await fetch('models', { headers: headers() });
    const found = await response.json();
    if (!response.ok) { at('answer').textContent = found.error; return; }
    models = found;
    at('model').replaceChildren(...models.map(({ name }) => new Option(name)));
    suggest();
  }
  function suggest() {
    const model = models.find(({ name }) => name === at('model').value);
    if (!model) return;
    const row = Object.fromEntries(model.inputs.map(({ name, datatype }) => [name, datatype === 'BYTES' ? '' : 0]));
    at('row').value = model.inputs[0].name === 'input' && model.inputs.length === 1 ? '[]' : JSON.stringify(row, null, 2);
  }
  at('model').onchange = suggest;
  at('token').onchange = list;
  at('ask').onclick = async () => {
    const [file] = at('file').files;
    const type = file ? file.type || 'text/csv' : 'application/json';
    const response = await fetch('models/' + encodeURIComponent(at('model').value) + '/predict', {
      method: 'POST',
      headers: { ...headers(), 'Content-Type': type },
      body: file ?? at('row').value,
    });
    at('answer').textContent = JSON.stringify(await response.json(), null, 2);
  };
  list();
</script>
`;
