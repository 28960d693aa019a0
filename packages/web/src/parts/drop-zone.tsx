import type { ComponentChildren } from 'preact';
import { isDragging } from '../state/dropped-files.js';

interface DropZoneProps {
  /** Kinds of files, in the words of the attribute `accept`. */
  readonly accept?: string;
  /** Whether a folder is chosen instead of a file. */
  readonly isFolder?: boolean;
  readonly onChoose: (files: FileList) => unknown;
  readonly children: ComponentChildren;
}

/** Where a file or a folder is chosen; one that is dropped is taken anywhere on the page. */
export function DropZone({ accept, isFolder, onChoose, children }: DropZoneProps) {
  return (
    <label class={`drop ${isDragging.value ? 'over' : ''}`}>
      <input
        type="file"
        accept={accept}
        // @ts-expect-error: all browsers know it, and the types do not.
        webkitdirectory={isFolder}
        onChange={async ({ currentTarget: input }) => {
          if (input.files?.length) await onChoose(input.files);
          // The same file may be chosen again after it has changed.
          input.value = '';
        }}
      />
      <span>{children}</span>
    </label>
  );
}
