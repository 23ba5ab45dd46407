/** What a tenant's administrator grants; a test may take some away. */
export class GraphGrants {
  /** Application permissions. */
  readonly permissions = new Set([
    "Calendars.ReadWrite",
    "OnlineMeetings.ReadWrite.All",
    "TeamsAppInstallation.ReadWriteAndConsentSelfForChat.All",
    "TeamsTab.ReadWriteSelfForChat.All",
    "AppCatalog.Read.All",
    "User.Read.All",
  ]);
  /** An application access policy names the app, and the organiser has it. */
  accessPolicy = true;
  /** The app is in the tenant's catalogue. */
  inCatalog = true;
}
