// Leaves the words of errors alone: what they say is looked at by people.

import { declareValuePlugin, PluginKind } from '@stryker-mutator/api/plugin';

const isSentence = (text) => text.includes(' ');

export const strykerPlugins = [
  declareValuePlugin(PluginKind.Ignore, 'messages', {
    shouldIgnore(path) {
      if (path.isNewExpression() && path.node.callee.name === 'BitgradError') return 'an error';
      const { key, value } = path.node;
      if (path.isObjectProperty() && key.name === 'expected' && value.type.endsWith('Literal')) {
        return 'what an error expected';
      }
      const isText = path.isStringLiteral()
        ? isSentence(path.node.value)
        : path.isTemplateLiteral() && path.node.quasis.some((part) => isSentence(part.value.raw));
      return isText ? 'a sentence' : undefined;
    },
  }),
];
