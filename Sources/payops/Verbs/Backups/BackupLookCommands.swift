import Backup
import EmbeddedServer
import Foundation
import MariaDBClient
import PayopsCore
import Tabular

/// `payops backup list`.
struct BackupList: Verb {
  let name = "list"
  let summary = "list the backups of the folder"
  let discussion = """
    Looks whether the data of each backup are there, in the size published; with
    --checksum they are read to their end. Safety copies of a restore and the results of
    one to a moment are named: they are never the latest. Exits with 1 when something is
    missing, damaged or unreadable.
    """
  let options =
    [
      BackupOptions.dir.declaration, BackupOptions.checksum.declaration,
    ] + TableOptions.all

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let folder = invocation.backupFolder
    let survey = try BackupSurvey(folder, readsAll: invocation[BackupOptions.checksum])
    let console = invocation.console
    let now = Int64(Date().timeIntervalSince1970)
    let table = BackupListing.short(survey, now: now)
    let isWhole = invocation.isWide || !console.choice.isMet(by: table)
    try console.write(
      isWhole ? BackupListing.table(survey, now: now) : table, as: invocation.format,
      empty: "no backups in \(folder.path)")
    let problems = survey.problems
    for problem in problems { console.note("note: \(problem)") }
    return problems.isEmpty ? .ok : .finding
  }
}

/// `payops backup check`.
struct BackupCheck: DatabaseVerb {
  static let maxAge = Option(
    "max-age", placeholder: "AGE", help: "oldest that is still good (default 26h)",
    expectation: "an age such as 90m, 26h or 2d", parse: age)
  static let maxLogAge = Option(
    "max-log-age", placeholder: "AGE",
    help: "most that may be lost with the archived logs (default 1h); there must be some then",
    expectation: "an age such as 30s, 5m or 1h", parse: age)

  private static func age(_ text: String) -> Int64? {
    let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
    guard let unit = text.last.flatMap({ units[$0] }), let number = Int64(text.dropLast()),
      number > 0, number < 1_000_000
    else { return nil }
    return number * unit
  }

  let name = "check"
  let summary = "say in one line whether there is a good, recent backup"
  let discussion = """
    For monitoring: prints one line, and exits with 0 when the newest verified backup of
    the schema is young enough, no later one has failed its verification, and the data of
    all are there in the size published (with --checksum: are those published); with 1
    otherwise.

    Where binary logs are archived, it also says how far they reach: how long ago all that
    the server had written was archived, which is what a loss would cost, and whether every
    log since the newest verified backup is there; with --checksum those are read.
    """
  let options = [
    BackupOptions.dir.declaration, maxAge.declaration, maxLogAge.declaration,
    BackupOptions.checksum.declaration,
  ]

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let console = invocation.console
    let readsAll = invocation[BackupOptions.checksum]
    let report = try BackupCheckReport(
      invocation.backupFolder, schema: try DatabaseTarget(for: invocation).database,
      maximumAge: invocation[Self.maxAge] ?? BackupCheckReport.usualAge,
      maximumLogAge: invocation[Self.maxLogAge], readsAll: readsAll,
      key: try readsAll ? Invocation.usualKey.map { try EncryptionKey(file: $0) } : nil)
    try console.write(
      console.isJSON ? report.json.lines : console.wrapped(report.text(console.style)))
    return report.isGood ? .ok : .finding
  }
}
