import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import { focusContent } from './parts/focus.js';
import { lazily } from './parts/lazily.js';
import { NoticeBar } from './parts/notice-bar.js';
import { nextTheme, theme } from './parts/theme.js';
import { resetTraining } from './state/actions.js';
import { eraseKept, isKept } from './state/kept.js';
import { route, VIEWS, type View } from './state/route.js';
import { takeShared } from './state/take-shared.js';
import { DrawView } from './views/draw/draw-view.js';
import { TrainView } from './views/train/train-view.js';

const NAMES: Readonly<Record<View, string>> = {
  train: 'Train',
  draw: 'Draw',
  understand: 'Understand',
  prove: 'Prove',
  data: 'Data',
};

const CONTENTS: Readonly<Record<View, ComponentType>> = {
  train: TrainView,
  draw: DrawView,
  understand: lazily('Understand', async () => {
    return (await import('./views/understand/understand-view.js')).UnderstandView;
  }),
  prove: lazily('Prove', async () => (await import('./views/prove/prove-view.js')).ProveView),
  data: lazily(
    'Your own data',
    async () => (await import('./views/data/data-view.js')).OwnDataView,
  ),
};

/** The whole page: a menu, what there is to say, and one view. */
export function App() {
  const { view, query } = route.value;
  useEffect(() => takeShared(query), [query]);
  useEffect(() => {
    document.title = `${NAMES[view]} — Bitgrad`;
    scrollTo(0, 0);
  }, [view]);
  const Contents = CONTENTS[view];
  return (
    <>
      <button type="button" class="skip" onClick={focusContent}>
        Skip to the content
      </button>
      <header class="bar">
        <a class="brand" href="#/train" aria-label="Bitgrad: to the beginning">
          <Mark />
          bitgrad
        </a>
        <nav aria-label="Views">
          {VIEWS.map((name) => (
            <a key={name} href={`#/${name}`} aria-current={name === view ? 'page' : undefined}>
              {NAMES[name]}
            </a>
          ))}
        </nav>
        <button
          type="button"
          class="theme"
          onClick={nextTheme}
          aria-label={`Colours: ${theme.value}. Change them`}
          title={`Colours: ${theme.value}`}
        >
          <span class={`half ${theme.value}`} />
        </button>
      </header>
      <NoticeBar />
      <main id="content" tabIndex={-1}>
        <Contents />
      </main>
      <footer class="foot">
        <p>
          Everything happens on this device: nothing you draw or train leaves it. The digits are
          MNIST, by Yann LeCun, Corinna Cortes and Christopher Burges.
        </p>
        {isKept.value && (
          <p class="kept">
            Your recipe, drawing, digits and network outlive a reload.{' '}
            <button type="button" class="link" onClick={erase}>
              Erase them from this device
            </button>
          </p>
        )}
      </footer>
    </>
  );
}

function erase(): void {
  focusContent();
  void eraseKept();
  void resetTraining();
}

function Mark() {
  return (
    <svg viewBox="0 0 22 22" width="22" height="22" aria-hidden="true">
      <rect x="1" y="1" width="9" height="9" />
      <rect x="12" y="1" width="9" height="9" class="on" />
      <rect x="1" y="12" width="9" height="9" class="on" />
      <rect x="12" y="12" width="9" height="9" class="on" />
    </svg>
  );
}
