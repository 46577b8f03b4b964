import Backup
import Foundation
import MariaDBClient
import PayopsCore

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
  let options = [
    BackupOptions.dir.declaration, BackupOptions.checksum.declaration,
    OutputFormat.option.declaration,
  ]

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let folder = invocation.backupFolder
    let survey = try BackupSurvey(folder, readsAll: invocation[BackupOptions.checksum])
    let console = invocation.console
    let now = Int64(Date().timeIntervalSince1970)
    let table = BackupListing.short(survey, now: now)
    if console.isJSON || invocation.format != nil {
      try console.write(BackupListing.table(survey, now: now), as: invocation.format)
    } else if !table.rows.isEmpty {
      try console.write(table)
    } else {
      console.note("no backups in \(folder.path)")
    }
    let problems = survey.problems
    for problem in problems { console.note("note: \(problem)") }
    return problems.isEmpty ? .ok : .finding
  }
}

/// `payops backup check`.
struct BackupCheck: Verb {
  static let maxAge = Option(
    "max-age", placeholder: "AGE", help: "oldest that is still good (default 26h)",
    expectation: "an age such as 90m, 26h or 2d"
  ) { text -> Int64? in
    let units: [Character: Int64] = ["m": 60, "h": 3600, "d": 86_400]
    guard let unit = text.last.flatMap({ units[$0] }), let number = Int64(text.dropLast()),
      number > 0, number < 1_000_000
    else { return nil }
    return number * unit
  }

  let name = "check"
  let summary = "tell in one line whether there is a good, recent backup"
  let discussion = """
    For monitoring: prints one line, and exits with 0 when the newest verified backup of
    the schema is young enough, no later one has failed its verification, and the data of
    all are there in the size published (with --checksum: are those published); with 1
    otherwise.
    """
  let options = [
    BackupOptions.dir.declaration, maxAge.declaration, BackupOptions.checksum.declaration,
  ]
  let connects = true

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let schema = try DatabaseTarget(for: invocation).database
    let limit = invocation[Self.maxAge] ?? 26 * 3600
    let survey = try BackupSurvey(
      invocation.backupFolder, readsAll: invocation[BackupOptions.checksum], schema: schema)
    let health = BackupHealth(
      survey, schema: schema, maximumAge: limit, now: Int64(Date().timeIntervalSince1970))
    let console = invocation.console
    if console.isJSON {
      try console.write(
        JSON.pairs([
          "ok": .bool(health.isGood), "message": .string(health.message),
          "newest_verified": health.newestVerified.map { .string($0.id) } ?? .null,
          "age_seconds": health.ageSeconds.map { .integer($0) } ?? .null,
          "max_age_seconds": .integer(limit),
          "problems": .array(health.problems.map(JSON.string)),
        ]).lines)
    } else {
      let mark = health.isGood ? console.style.green("OK") : console.style.red("CRITICAL")
      try console.write("\(mark): \(health.message)\n")
    }
    return health.isGood ? .ok : .finding
  }
}
