import { openModel } from '../../state/actions.js';
import { isDragging } from '../../state/dropped-files.js';

/** Where a model file is chosen; one that is dropped is taken anywhere on the page. */
export function DropZone() {
  return (
    <label class={`drop ${isDragging.value ? 'over' : ''}`}>
      <input
        type="file"
        accept=".safetensors"
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          if (file) void openModel(file);
          // The same file may be chosen again after it has changed.
          event.currentTarget.value = '';
        }}
      />
      <span>
        <b>Drop a model file here</b>, or choose one. It stays on this device.
      </span>
    </label>
  );
}
