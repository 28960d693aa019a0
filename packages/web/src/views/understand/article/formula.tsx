import type { ComponentChildren } from 'preact';

/** Formulas in MathML, from small parts that read like what they say. */

/** A formula on a line of its own. */
export function Formula({ children }: { readonly children: ComponentChildren }) {
  return (
    <div class="formula">
      <math displaystyle>
        <mrow>{children}</mrow>
      </math>
    </div>
  );
}

/** A letter. */
export const V = ({ children }: { readonly children: string }) => <mi>{children}</mi>;
/** A number. */
export const N = ({ children }: { readonly children: string | number }) => <mn>{children}</mn>;
/** Words. */
export const T = ({ children }: { readonly children: string }) => <mtext>{children}</mtext>;
/** A sign. */
export const O = ({ children }: { readonly children: string }) => <mo>{children}</mo>;

/** The name of a function, kept apart from what it is of. */
export const F = ({ children }: { readonly children: string }) => (
  <>
    <mi>{children}</mi>
    <mspace width="0.17em" />
  </>
);
/** A letter's derivative. */
export const Prime = ({ of }: { readonly of: string }) => (
  <mrow>
    <mi>{of}</mi>
    <mo lspace="0" rspace="0">
      ′
    </mo>
  </mrow>
);

/** A letter with an index below. */
export const Sub = ({ of, at }: { readonly of: string; readonly at: string }) => (
  <msub>
    <mi>{of}</mi>
    <mrow>
      {[...at].map((letter) => (
        <mi key={letter}>{letter}</mi>
      ))}
    </mrow>
  </msub>
);

interface Two {
  readonly over: ComponentChildren;
  readonly under: ComponentChildren;
}

export const Fraction = ({ over, under }: Two) => (
  <mfrac>
    <mrow>{over}</mrow>
    <mrow>{under}</mrow>
  </mfrac>
);

/** A power. */
export const Power = ({
  of,
  to,
}: {
  readonly of: ComponentChildren;
  readonly to: ComponentChildren;
}) => (
  <msup>
    <mrow>{of}</mrow>
    <mrow>{to}</mrow>
  </msup>
);

/** A sum over an index. */
export const Sum = ({ over }: { readonly over: string }) => (
  <munder>
    <mo>∑</mo>
    <mi>{over}</mi>
  </munder>
);

export const Root = ({ children }: { readonly children: ComponentChildren }) => (
  <msqrt>
    <mrow>{children}</mrow>
  </msqrt>
);
