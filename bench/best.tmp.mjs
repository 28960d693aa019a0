// node best.mjs TASK rounds side... ; side = native:isa:threads | py:form:threads
import { Child } from './driver/child.mjs';
import { writeMaterial } from './material.mjs';
import { TRAININGS, INFERENCES, figureOf } from './workloads.mjs';
const [names, rounds, ...sides] = process.argv.slice(2);
const m = await writeMaterial();
for (const name of names.split(',')) {
const task = [...TRAININGS, ...INFERENCES].find((t) => t.name === name);
const env = (n)=>{const {OPENBLAS_CORETYPE,OPENBLAS_L2_SIZE,BITGRAD_ISA,...e}=process.env;return {...e,OMP_NUM_THREADS:String(n),MKL_NUM_THREADS:String(n)};};
const kids = [];
for (const s of sides) { const [a,b,t]=s.split(':');
 const v = a==='py' ? {form:b,threads:+t,command:'/tmp/lead/venv/bin/python',args:['bench/sides/pytorch.py',b,t],env:env(t)} : {form:'',threads:+t,command:process.execPath,args:['bench/sides/bitgrad.mjs',a,b,t],env:env(t)};
 const child = new Child(v); try { const r = await child.open(task, m.folder); kids.push({s,child,check:r.check,best:1e9}); } catch(e){ console.log(s,'left out',e.message); child.close(); } }
const start=Date.now();
for (let r=0;r<+rounds;r++) for (const k of kids) { const n = k.n ??= 1; const sec = await k.child.measure(n); if (sec<0.03) k.n = n*2; k.best=Math.min(k.best, sec/n); (k.all??=[]).push(sec/n);}
for (const k of kids) { k.all.sort((a,b)=>a-b); console.log(name.padEnd(11),k.s.padEnd(22), figureOf(task,k.best).toFixed(2).padStart(9), 'median', figureOf(task,k.all[k.all.length>>1]).toFixed(2).padStart(9), k.check.slice(0,2).map(x=>x.toFixed(6)).join(' ')); k.child.close(); }
}
m.remove();
