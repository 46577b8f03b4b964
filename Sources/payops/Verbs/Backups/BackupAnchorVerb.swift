import Backup
import Tabular

/// `payops backup anchor`.
struct BackupAnchorVerb: Verb {
  let name = "anchor"
  let summary = "print the hash of each backup, to be kept elsewhere"
  let discussion = """
    A folder cannot show that its newest backup is the newest: whoever may write there can
    take the newer ones away. Keep these lines elsewhere, and give them to
    `payops restore --anchor FILE`, which then refuses a backup that was changed, and one
    that is not the newest.

      payops backup anchor | ssh elsewhere 'cat >> backups.anchor'
    """
  let options = [BackupOptions.dir.declaration]

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let backups = try invocation.backupFolder.contents().backups
    try invocation.console.write(
      BackupAnchor.text(of: backups), json: BackupAnchor.json(of: backups))
    return .ok
  }
}
