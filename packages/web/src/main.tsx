import './styles/index.css';
import { render } from 'preact';
import { App } from './app.js';
import { takeDroppedFiles } from './state/dropped-files.js';
import { keep } from './state/kept.js';
import { workOffline } from './state/offline.js';

takeDroppedFiles();
keep();
workOffline();
render(<App />, document.getElementById('page')!);
