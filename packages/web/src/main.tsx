import './styles/index.css';
import { render } from 'preact';
import { App } from './app.js';
import { takeDroppedFiles } from './state/dropped-files.js';

takeDroppedFiles();
render(<App />, document.getElementById('page')!);
