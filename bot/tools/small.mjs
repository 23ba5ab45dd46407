// What makes the panel's files small: it is loaded beside a meeting, on any line. Leaves out of teams-js what this page has no
// use for, and renames Fluent's tokens; a newer teams-js that is put together otherwise fails the build rather than the page.
import { readFile } from "node:fs/promises";
import { teamsDarkTheme, teamsHighContrastTheme, teamsLightTheme } from "@fluentui/tokens";
import { minify } from "@swc/core";
import { transform } from "esbuild";

const none = (...names) => `const no=()=>false;export{${names.map((name) => `no as ${name}`).join(",")}};`;

/** Microsoft's list of hosts is neither shipped nor fetched: a page names its hosts by itself, those that may frame it. */
const listLeft = {
  "artifactsForCDN/validDomains.json.js": "const validOrigins=[];export{validOrigins as validOrigins};",
};
const listCuts = [
  ["internal/validOrigins.js", "}g();export{", "}export{"],
  ["internal/validOrigins.js", "const r=p()?n:u;return O(i,r)?", "return O(i,[])?"],
  [
    "internal/validOrigins.js",
    '(f("Origin %s is not in the local valid origins list, fetching from CDN",i),m(t).then(t=>O(i,t)))',
    "Promise.resolve(!1)",
  ],
];

/** Modules of teams-js for what this page does not do: log for its makers, frame pages itself, menus, other ways to sign in. */
const left = {
  "debug/src/browser.js": "const no=Object.assign(()=>no,{extend:()=>no,formatArgs(){}});no.debug=no;export{no as b};",
  "internal/childCommunication.js": none(
    "uninitializeChildCommunication",
    "shouldProcessChildMessage",
    "handleIncomingMessageFromChild",
    "shouldEventBeRelayedToChild",
    "sendMessageEventToChild",
  ),
  ...listLeft,
  "public/menus.js": none("initialize"),
  "internal/nestedAppAuthUtils.js": none("tryPolyfillWithNestedAppAuthBridge"),
  "private/messageChannels/telemetry.js": none("_clearTelemetryPort"),
  "private/messageChannels/dataLayer.js": none("_clearDataLayerPort"),
  // Only where the browser makes none by itself; the panel needs one that does.
  "uuid/dist/esm-browser/v4.js": "const make=()=>crypto.randomUUID();export{make as default};",
  // Looked over by itself: what was made just so.
  "uuid/dist/esm-browser/validate.js": "const yes=()=>true;export{yes as default};",
  "internal/hostToAppTelemetry.js":
    "const no=()=>{};export default{storeCallbackInformation:no,clearMessages:no,deleteMessageInformation:no,handleOneWayPerformanceMetrics:no,handlePerformanceMetrics:no};",
};

/** Beside them, what only the page that sets a tab up has a use for. */
const leftInMain = {
  "public/pages/config.js": none(
    "initialize",
    "isSupported",
    "registerOnSaveHandlerHelper",
    "registerOnRemoveHandlerHelper",
  ),
  "public/dialog/dialog.js": none("initialize", "isSupported"),
  // Written for browsers without async functions.
  "tslib/tslib.es6.js": `
const rest=(all,without)=>Object.fromEntries(Object.entries(all).filter(([name])=>!without.includes(name)));
const waiter=async(self,_,__,make)=>{
  const run=make.call(self);
  for(let step=run.next();;){
    if(step.done)return step.value;
    try{step=run.next(await step.value)}catch(error){step=run.throw(error)}
  }
};
export{rest as __rest,waiter as __awaiter};`,
};

/** Parts of modules that the page has no use for: [module, what it says, what it is to say]. */
const cuts = [
  ["internal/communication.js", "h(o,I.currentWindow,{onMessage:D,sendPostMessage:L}),", ""],
  // How a log's lines begin.
  ["internal/telemetry.js", /,o=t\.debug\.formatArgs;.*?o\.call\(this,t\)\}(?=;)/, ""],
  ...listCuts,
];

/** The same for the panel itself: the page that sets a tab up asks what its host can do. */
const cutsInMain = [
  ...cuts,
  // What an older host can do is not asked: every host says hello, who looks and gives a token.
  ["public/runtime.js", /(?<=i\.apiVersion<4&&)v\.forEach\(.*?\}?\)(?=,u\(i\))/, "(i={...i,apiVersion:4})"],
  ["public/runtime.js", /(?<=const m=\{supports:\{).*?(?=\}\},b=\[)/, ""],
  ["public/runtime.js", /(?<=,V=\{).*?(?=\},C=)/, ""],
  ["public/runtime.js", /(?<=,)b=\[r\.desktop.*?\.\.\.y\](?=;function h)/, "b=[],y=[],f=[]"],
  // Nor how old the person is.
  ["internal/appHelpers.js", "i=j(i),t&&C(i)", "t&&C(i)"],
  ["internal/appHelpers.js", "i=j(i),C(i)", "C(i)"],
  // Of where it is, the page looks at theme, tab, person and chat.
  ["public/app/app.js", /actionInfo:e\.actionInfo,(?=app:)/, ""],
  ["public/app/app.js", /(?<="default"),iconPositionVertical:.*?(?=\},page:)/, ""],
  ["public/app/app.js", /(?<=,page:\{)id:.*?(?=subPageId:)/, ""],
  ["public/app/app.js", /(?<=subPageId:e\.subEntityId),isFullScreen.*?(?=\},user:)/, ""],
  ["public/app/app.js", /(?<=userObjectId\)&&void 0!==i\?i:""),displayName.*?(?=,tenant:)/, ""],
  ["public/app/app.js", /,channel:e\.channelId\?.*?(?=,chat:)/, ""],
  ["public/app/app.js", /,meeting:e\.meetingId\?.*?(?=\};return t\}\(e\))/, ""],
  ["public/app/app.js", /,function\(\)\{if\(I\(\)\)return;.*?\}\(\)(?=;export)/, ""],
  // It always has a window, says hello to its host with its own patience, and does not ask whether that was heard.
  ["internal/utils.js", 'return"undefined"==typeof window', "return!1"],
  ["internal/appHelpers.js", "return S(()=>function(i,e){", "return function(i,e){"],
  ["internal/appHelpers.js", '(i,e),6e4,new Error("SDK initialization timed out."))', "(i,e)"],
  [
    "internal/appHelpers.js",
    /(?<=function J\(e\)\{).*?(?=\}const L=)/,
    'return t(e,w.Success,[V]),{hasFinishedSuccessfully:"unknown"}',
  ],
  // An id is the host's own word for its message.
  ["internal/utils.js", /(?<=function O\(t\)\{).*?(?=\}const U=)/, ""],
  // Faults, addresses and functions of what it does not ask for.
  ["public/interfaces.js", /,t\[t\.NOT_SUPPORTED_IN_CURRENT_CONTEXT.*?"SIZE_EXCEEDED"/, ""],
  ["internal/constants.js", /f=new URL\("[^"]*"\)/, "f=0"],
  ["public/constants.js", /u=new Error\("[^"]*"\),f=new Error\("[^"]*"\)/, "u=0,f=0"],
  ["public/runtime.js", /,Object\.keys\(t\)\.forEach\(i=>\{a\(o,i\)>=0.*?\}\)\}\)(?=;const n)/, ""],
  ["internal/internalAPIs.js", /if\(t&&t\.length>0\)\{.*?(?=return r\(i\))/, ""],
  ["internal/telemetry.js", "const n=new e;", "const n=0;"],
  ["internal/telemetry.js", /return\/\^v.*?\.test\(t\)/, "return!0"],
  // It loads once, and hears of its theme and of its end; nobody frames it further, and no ports are asked for.
  ["internal/handlers.js", /c\.handlers\.contextChange=v,c\.handlers\.load=S,/, ""],
  ["internal/handlers.js", /static uninitializeHandlers\(\)\{.*?\}(?=\}function f)/, ""],
  ["internal/handlers.js", /(?<=c\.handlers=\{\}),c\.themeChangeHandler=null,c\.loadHandler=.*?(?=;const H)/, ""],
  ["internal/handlers.js", ',a()&&t("themeChange",[e])', ""],
  [
    "internal/handlers.js",
    /(?<=function A\(\)\{).*?(?=\}function P)/,
    'o(n("v2","handleBeforeUnload"),"readyToUnload",[])',
  ],
  [
    "internal/communication.js",
    "e!==I.parentWindow?c(e,t)&&d(n,e,V,(e,n)=>T.callbacks.set(e,n)):Y(n)",
    "e===I.parentWindow&&Y(n)",
  ],
  ["internal/communication.js", "const r=G(T.portCallbacks,n);if(r)return r", ""],
  ["internal/communication.js", /const a=T\.portCallbacks\.get\(i\);if\(a\)\{.*?X\(r,T\.portCallbacks\)\}/, ""],
  ["internal/communication.js", "f.storeCallbackInformation(c.uuid,{name:n,calledAt:c.timestamp}),", ""],
  ["internal/communication.js", "f.handlePerformanceMetrics(i,r,n,t),", ""],
  ["internal/communication.js", "f.handleOneWayPerformanceMetrics(o,n,t),", ""],
  // All it says goes to the window that frames it.
  ["internal/communication.js", /function\(e\)\{return e===I\.topWindow&&Z\(\)\?"top".*?null\}\(e\)/, "0"],
  [
    "internal/communication.js",
    /function\(e\)\{return e===I\.topWindow&&Z\(\)\?I\.topOrigin.*?null\}\(e\)/,
    "I.parentOrigin",
  ],
  ["internal/communication.js", "ee(e).push(n)", "T.parentMessageQueue.push(n)"],
  // A token is promised, not called back with.
  ["public/authentication.js", 't&&(t.successCallback||t.failureCallback)?c(f,"authentication.getAuthToken"):', ""],
  [
    "public/authentication.js",
    /\.then\(e=>t&&t\.successCallback\?\(t\.successCallback\(e\),""\):e\).*?(?=\}function C)/,
    "",
  ],
];

/** For esbuild: the modules above are empty, unused lists of names go, and so do words for a log that nobody reads. */
export const lean = (entry) => ({
  name: "lean",
  setup(building) {
    const inMain = /main\.tsx?$/.test(entry);
    const empty = Object.entries(inMain ? { ...left, ...leftInMain } : left);
    onTeams(building, empty, (file, code) => unlogged(enumerated(cut(inMain ? cutsInMain : cuts, file, code))));
  },
});

/** For esbuild, where small does not matter: Microsoft's list of hosts alone is left out. */
export const ownHosts = {
  name: "ownHosts",
  setup: (building) => onTeams(building, Object.entries(listLeft), (file, code) => cut(listCuts, file, code)),
};

function onTeams(building, empty, change) {
  building.onLoad({ filter: /teams-js[\\/]dist[\\/]esm[\\/].*\.js$/ }, async ({ path }) => {
    const file = path.replaceAll("\\", "/");
    const [, replaced] = empty.find(([name]) => file.endsWith(`/${name}`)) ?? [];
    return { contents: replaced ?? change(file, await readFile(path, "utf8")), loader: "js" };
  });
}

function cut(changes, file, code) {
  for (const [name, says, instead] of changes) {
    if (!file.endsWith(`/${name}`)) continue;
    if (code.split(says).length !== 2) throw new Error(`${name} of teams-js does not say ${says} once`);
    code = code.replace(says, () => instead);
  }
  return code;
}

/** `var e; … !function(t){…}(e||(e={}))` as one declaration, which goes when nobody names it. Any other is left as it is. */
function enumerated(code) {
  const lists = /(?<=^|[;}])var ([\w$]+(?:,[\w$]+)*)(?=;)/g;
  const declared = [...code.matchAll(lists)].flatMap(([, list]) => list.split(","));
  const made = new Map();
  const without = code.replace(
    /(?<=[;,}]|^)!?function\((\w)\)\{([^{}]*)\}\((\w+)\|\|\(\3=\{\}\)\)/g,
    (all, t, body, name) => {
      if (declared.filter((one) => one === name).length !== 1) return all;
      made.set(name, `${name}=/* @__PURE__ */(function(${t}){${body};return ${t}})({})`);
      return "0";
    },
  );
  return without.replace(
    lists,
    (_, list) =>
      `var ${list
        .split(",")
        .map((name) => made.get(name) ?? name)
        .join(",")}`,
  );
}

/** Calls of a module's loggers with words of their own; a name that stands for anything else too is left alone. */
function unlogged(code) {
  const maker = /getLogger as ([\w$]+)/.exec(code)?.[1];
  if (!maker) return code;
  const literal = (name) => name.replaceAll("$", "\\$");
  const names = new Set();
  for (const [, name] of code.matchAll(new RegExp(`(?<![\\w$.])([\\w$]+)=${literal(maker)}\\("`, "g"))) names.add(name);
  for (let depth = 0; depth < 3; depth++)
    for (const [, name, of] of code.matchAll(/(?<![\w$.])([\w$]+)=([\w$]+)\.extend\("/g))
      if (names.has(of)) names.add(name);
  const parameters = [...code.matchAll(/\(([\w$,={}[\].:"]*)\)(?=\{|=>)|(?<![\w$.)])([\w$]+)=>/g)].flatMap(
    ([, list = "", one = ""]) => `${list},${one}`.split(/[^\w$]/),
  );
  for (const name of names) {
    const declared = code.match(new RegExp(`(?<![\\w$.])${literal(name)}=(?!=)`, "g"))?.length;
    if (declared !== 1 || parameters.includes(name)) continue;
    code = code.replace(new RegExp(`(?<![\\w$.])${literal(name)}\\((?=["\`])`, "g"), `void 0&&${name}(`);
  }
  // Under whatever name: only a log has words with places for values.
  return code.replace(/(?<![\w$.])([\w$]+)\((?=(["'])(?:(?!\2)[^\\]|\\.)*%[sodO])/g, "void 0&&$1(");
}

/** A module, said in fewer letters. */
export async function shorter(code) {
  const compress = {
    passes: 4,
    ecma: 2022,
    toplevel: true,
    unsafe_arrows: true,
    unsafe_methods: true,
    pure_getters: true,
    keep_fargs: false,
    hoist_props: true,
  };
  return (await minify(code, { module: true, ecma: 2022, compress, mangle: { toplevel: true } })).code;
}

const themes = { light: teamsLightTheme, dark: teamsDarkTheme, contrast: teamsHighContrastTheme };

/** Styles with the tokens that they use put before them, a set a theme, under short names. */
export async function themed(styles) {
  const names = [
    ...new Set([...styles.matchAll(/var\(--([a-z]+[A-Z]\w*|shadow\d+)\)/g)].map(([, name]) => name)),
  ].sort();
  const short = new Map(names.map((name, at) => [name, `t${at.toString(36)}`]));
  const sets = Object.entries(themes).map(([theme, tokens]) => {
    const missing = names.filter((name) => !(name in tokens));
    if (missing.length > 0) throw new Error(`Fluent has no ${missing.join(", ")}`);
    return `[data-theme=${theme}]{${names.map((name) => `--${short.get(name)}:${tokens[name]}`).join(";")}}`;
  });
  const written = styles.replace(/var\(--(\w+)\)/g, (all, name) =>
    short.has(name) ? `var(--${short.get(name)})` : all,
  );
  return (await transform(sets.join("\n") + written, { loader: "css", minify: true })).code;
}
