internal import Backup
internal import EmbeddedServer
internal import MariaDBClient
internal import Monitoring
internal import PayopsCore
internal import Restore
internal import Risk
internal import Tabular

/// What the jobs of a real installation would have done with the history of a demo.
///
/// Each step finds its own work done and repeats nothing.
struct DemoWork: Sendable {
  let options: ConnectionOptions
  let folder: BackupFolder
  let console: Console

  /// How many days before the end the monitor begins to judge; before that it learns.
  private static let judgedDays = 2

  /// Lets the monitor judge the minutes of the last days, as if it had run all the time.
  func watch(_ connection: Connection) async throws {
    console.note("running the monitor over the last \(Self.judgedDays) days")
    let now = try await connection.query("SELECT as_of() AS now").rows.first?["now"]
    guard let end = now.flatMap({ CivilInstant($0) }) else { return }
    let begin = CivilInstant(secondsSinceEpoch: end.secondsSinceEpoch - Self.judgedDays * 86_400)
    let tick = MonitorTick(connection)
    _ = try await tick.run(at: begin)
    _ = try await tick.run()
  }

  /// Evaluates the rules over the whole history, updates the scores and opens cases.
  func findRisks(_ connection: Connection) async throws {
    console.note("evaluating the rules")
    let (_, failures) = try await Rules.evaluate(on: connection)
    console.note(failures)
  }

  /// Samples what is open, and counts the days of the cube.
  func sample(_ connection: Connection) async throws {
    console.note("counting what pages show")
    _ = try await connection.queryAll("CALL sample_backlog()")
    _ = try await connection.queryAll("CALL refresh_payment_cube(100000)")
  }

  /// Makes a backup and proves it by restoring it.
  func backUp(_ connection: Connection) async throws {
    let isThere = try folder.contents().backups.contains { $0.verification.state == .verified }
    guard !isThere else { return }
    console.note("making a backup and restoring it to prove it")
    let backup = try await BackupCreation(
      options: options, folder: folder, payopsVersion: Version.current
    ).run { _ in }
    _ = try await BackupVerification(
      folder: folder, key: nil, place: .privateServer, trust: .source
    ).run(backup) { _ in }
    try await BackupRegister(connection).record(folder, policy: RetentionPolicy())
  }
}
