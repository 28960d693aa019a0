import { useState } from 'preact/hooks';
import { openModel } from '../../state/actions.js';

/** Where a model file is dropped, or chosen. */
export function DropZone() {
  const [isOver, setOver] = useState(false);
  const take = (files: FileList | null | undefined) => {
    const file = files?.[0];
    if (file) void openModel(file);
  };
  return (
    <label
      class={`drop ${isOver ? 'over' : ''}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        take(event.dataTransfer?.files);
      }}
    >
      <input
        type="file"
        accept=".safetensors"
        onChange={(event) => {
          take(event.currentTarget.files);
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
