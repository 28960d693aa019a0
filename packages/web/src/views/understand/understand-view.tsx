import type { ComponentType } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { route } from '../../state/route.js';
import { Article } from './article/article.js';
import { ByHand } from './hand/by-hand.js';
import { Mistakes } from './mistakes.js';
import { OneImage } from './one-image.js';
import { OneStep } from './one-step.js';

interface Part {
  readonly path: string;
  readonly name: string;
  readonly contents: ComponentType;
}

const PARTS: readonly Part[] = [
  { path: '', name: 'Mistakes', contents: Mistakes },
  { path: 'image', name: 'One image', contents: OneImage },
  { path: 'hand', name: 'By hand', contents: ByHand },
  { path: 'step', name: 'One step', contents: OneStep },
  { path: 'formulas', name: 'Formulas', contents: Article },
];

/** What the network does and why, in five parts. */
export function UnderstandView() {
  const current = PARTS.find(({ path }) => path === route.value.part) ?? PARTS[0]!;
  const Contents = current.contents;
  const here = useRef<HTMLAnchorElement>(null);
  useEffect(() => here.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' }), [current]);
  return (
    <>
      <nav class="parts" aria-label="Parts of Understand">
        {PARTS.map(({ path, name }) => (
          <a
            key={path}
            ref={path === current.path ? here : null}
            href={path === '' ? '#/understand' : `#/understand/${path}`}
            aria-current={path === current.path ? 'page' : undefined}
          >
            {name}
          </a>
        ))}
      </nav>
      <Contents />
    </>
  );
}
