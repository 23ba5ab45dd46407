// teams-js by its parts: its index holds each part as one object, of which nothing can be left out. The types lie elsewhere.
declare module "@microsoft/teams-js/dist/esm/packages/teams-js/src/public/app/app" {
  export * from "@microsoft/teams-js/dist/esm/packages/teams-js/dts/public/app/app";
}
declare module "@microsoft/teams-js/dist/esm/packages/teams-js/src/public/authentication" {
  export * from "@microsoft/teams-js/dist/esm/packages/teams-js/dts/public/authentication";
}
