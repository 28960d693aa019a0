import { parseAugmentation, RECIPES, type Recipe } from '@bitgrad/core';
import { useId } from 'preact/hooks';
import { grouped } from '../../parts/format.js';
import { Segmented } from '../../parts/segmented.js';
import { TextField } from '../../parts/text-field.js';
import { ownDigits } from '../../state/own.js';
import { recipeProblem, SETTINGS } from '../../state/settings.js';
import {
  backendChoice,
  dataChoice,
  draft,
  draftProblem,
  isBusy,
  usesOwnDigits,
} from '../../state/store.js';
import { BACKEND_NAMES } from '../../worker/protocol.js';
import { chooseData, chooseRecipe, setField, setHidden } from './edit-recipe.js';
import { samplesOf, sayLayers, sayRecipe } from './say-recipe.js';

const ACTIVATIONS = ['relu', 'tanh', 'sigmoid', 'leaky-relu', 'elu'].map((value) => ({
  value,
  label: { relu: 'ReLU', 'leaky-relu': 'Leaky', elu: 'ELU' }[value] ?? value,
}));

/** The page has digits: no tables, and nothing that may be mirrored. */
const DIGIT_RECIPES = Object.keys(RECIPES).filter(
  (name) =>
    recipeProblem(RECIPES[name]!) === null && !parseAugmentation(RECIPES[name]!.augment).flips,
);

const BACKENDS: Readonly<Record<string, string>> = { wasm: 'WebAssembly', ts: 'TypeScript' };

/** Everything that decides the training, first in a sentence, then as controls. */
export function RecipePanel() {
  const id = useId();
  const recipe = draft.value;
  const busy = isBusy.value;
  return (
    <section class="recipe" aria-labelledby="recipe-title">
      <h2 id="recipe-title">The recipe</h2>
      <p class="large">{sayRecipe(recipe, samplesOf(recipe, dataChoice.value))}</p>
      {draftProblem.value && (
        <p class="problem" role="alert">
          {draftProblem.value.field}: {draftProblem.value.problem}
        </p>
      )}
      <details>
        <summary class="button">Change it</summary>
        {busy && <p class="hint">Changes count for the next training.</p>}
        <div class="grid">
          <div class="field">
            <label for={id}>Start from</label>
            <select
              id={id}
              value={recipe.name}
              onChange={(event) => chooseRecipe(event.currentTarget.value)}
            >
              {DIGIT_RECIPES.map((name) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </select>
          </div>
          <Segmented
            legend="Data"
            choices={[
              { value: 'all', label: `${grouped(70_000)} · 1.9 MB` },
              { value: 'first', label: `${grouped(7000)} · 0.2 MB` },
            ]}
            value={dataChoice.value}
            onChange={chooseData}
          />
          <Segmented
            legend="Pixels"
            choices={[
              { value: 'binarize', label: 'Black and white' },
              { value: 'scale', label: 'Grey · 8 MB' },
            ]}
            value={recipe.preprocess}
            onChange={(value) => setField('preprocess', value)}
          />
          <TextField
            label="Hidden layers"
            value={sayLayers(recipe.layers.slice(1, -1), ', ')}
            onChange={setHidden}
            hint="As in 32 or 128, 64 or conv8, pool, conv16, pool"
            problem={problemOf('layers')}
          />
          <Segmented
            legend="Activation"
            choices={ACTIVATIONS}
            value={recipe.activation}
            onChange={(value) => setField('activation', value)}
          />
          <NumberField field="learningRate" label="Learning rate" />
          <Segmented
            legend="Rate over time"
            choices={[
              { value: 'cosine', label: 'Falling' },
              { value: 'constant', label: 'Constant' },
            ]}
            value={recipe.schedule}
            onChange={(value) => setField('schedule', value)}
          />
          <NumberField field="batchSize" label="Samples a step" />
          <NumberField field="epochs" label="Epochs" />
          <Segmented
            legend="Digits moved by"
            choices={[
              { value: 'none', label: 'Nothing' },
              { value: 'shift:1', label: '±1 px' },
              { value: 'shift:2', label: '±2 px' },
              { value: 'affine', label: 'Affine' },
            ]}
            value={recipe.augment}
            onChange={(value) => setField('augment', value)}
          />
          <NumberField field="seed" label="Seed" hint="The same seed gives the same weights" />
          {BACKEND_NAMES.length > 1 && (
            <Segmented
              legend="Runs on"
              choices={BACKEND_NAMES.map((value) => ({ value, label: BACKENDS[value] ?? value }))}
              value={backendChoice.value}
              onChange={(value) => {
                backendChoice.value = value;
              }}
            />
          )}
          {ownDigits.value.length > 0 && (
            <Segmented
              legend={`Your ${ownDigits.value.length} own digits`}
              choices={[
                { value: 'without', label: 'Leave out' },
                { value: 'with', label: 'Train on them too' },
              ]}
              value={usesOwnDigits.value ? 'with' : 'without'}
              onChange={(value) => {
                usesOwnDigits.value = value === 'with';
              }}
            />
          )}
        </div>
      </details>
    </section>
  );
}

function NumberField(props: { field: keyof Recipe; label: string; hint?: string }) {
  const { field, ...rest } = props;
  const setting = SETTINGS.find((one) => one.field === field)!;
  return (
    <TextField
      {...rest}
      value={setting.textIn(draft.value)}
      onChange={(text) => setField(field, setting.parse(text))}
      problem={problemOf(field)}
      isNumber
    />
  );
}

function problemOf(field: keyof Recipe): string | undefined {
  const problem = draftProblem.value;
  return problem?.field === field ? problem.problem : undefined;
}
