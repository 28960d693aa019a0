import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { notice } from '../state/store.js';

/** A view that is only fetched by those who open it; until then its name stands for it. */
export function lazily(name: string, load: () => Promise<ComponentType>): ComponentType {
  let loaded: ComponentType | undefined;
  return function Lazily() {
    const [, setIsLoaded] = useState(loaded !== undefined);
    useEffect(() => {
      if (loaded !== undefined) return;
      load().then(
        (view) => {
          loaded = view;
          setIsLoaded(true);
        },
        () => {
          notice.value = {
            kind: 'error',
            message: 'this part of the page could not be fetched',
            fix: 'Check the connection and load the page again.',
          };
        },
      );
    }, []);
    const View = loaded;
    return View === undefined ? <h1 class="hidden-visually">{name}</h1> : <View />;
  };
}
