import Backup
import EmbeddedServer
import Foundation
import Health
import MariaDBClient
import Tabular

/// `payops doctor`: looks at everything that the program needs, and says what to do.
struct DoctorCommand: DatabaseVerb {
  let name = "doctor"
  let summary = "check server, account, objects and data"
  let discussion = """
    Checks version and settings of the server, memory and disk space, the privileges of
    the account, the encryption of the connection, the objects of the schema and their
    definers, calendars, rollups, exchange rates, imports and backups. Each check is ok, warning,
    failure, or unknown when it cannot be seen from here; below them stands what to do.
    Exits with 1 when there is a failure. Nothing is changed.
    """
  let options = [BackupOptions.dir.declaration]

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let database = try DatabaseTarget(for: invocation).database
    let results = try await invocation.withConnection(selectsDatabase: false) { connection in
      var examination = try await Examination(of: connection, database: database)
      examination.backups = try Self.backups(invocation, schema: database)
      return try await Check.results(of: Check.all, on: examination)
    }
    let console = invocation.console
    if console.isJSON {
      try console.write(DoctorReport.json(results).lines)
    } else {
      try console.write(
        DoctorReport.text(results, width: console.width, style: console.style))
    }
    return Self.status(of: results.map(\.finding.verdict))
  }

  /// A failure is a finding; what is only a warning is not.
  static func status(of verdicts: [Verdict]) -> ExitCode {
    verdicts.contains(.failure) ? .finding : .ok
  }

  /// What can be seen of the backups; nil when there is no such folder here.
  private static func backups(
    _ invocation: Invocation, schema: String
  ) throws -> BackupHealth? {
    let folder = invocation.backupFolder
    guard access(folder.path, R_OK | X_OK) == 0 else { return nil }
    return BackupHealth(
      try BackupSurvey(folder, readsAll: false, schema: schema), schema: schema,
      maximumAge: Int64(Check.staleHours) * 3600, now: Int64(Date().timeIntervalSince1970))
  }
}
