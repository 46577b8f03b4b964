import Foundation
import MariaDBClient
import TestSupport
import Testing

@Suite("The job that archives logs", .timeLimit(.minutes(10)))
struct LogArchiveJobTests {
  @Test(
    "the log archive job archives a binary log, and succeeds without one",
    arguments: [true, false])
  func job(isLogged: Bool) async throws {
    let server = try await TestServer.privateServer(
      options: isLogged ? ["--log-bin=binlog", "--server-id=7", "--binlog-format=ROW"] : [])
    var options = server.connectionOptions
    options.database = "payops"
    let place =
      ["--socket", try #require(options.socket), "--database", "payops"]
      + (options.user.map { ["--user", $0] } ?? [])
    let root = try TemporaryDirectory.make("logs")
    defer { TemporaryDirectory.remove(root) }
    let folder = root.appending(path: "backups").path
    func payops(_ arguments: [String]) async throws -> ProgramRun {
      try await ProgramRun.payops(
        arguments + place, environment: ["PAYOPS_BACKUP_DIR": folder], deadline: .seconds(200))
    }
    let deployed = try await payops(["deploy"])
    try #require(deployed.status == 0, "\(deployed)")
    let run = try await payops(["jobs", "run", "archive_logs", "--now"])
    #expect(run.status == 0, "\(run)")
    let connection = try await Connection.open(options)
    let job = try await connection.query(
      "SELECT run_state AS s FROM ops_job_runs WHERE job_name = 'archive_logs'"
    ).rows.compactMap { $0["s"] }
    #expect(job == ["succeeded"])
    let status = try await connection.query(
      "SELECT archived_log, archived_position > 0 AS has_position, missing_log_count AS missing,"
        + " log_rpo_seconds AS rpo FROM ops_backup_status"
    ).rows
    #expect(status.count == 1)
    #expect(status.first?["archived_log"]?.hasPrefix("binlog.") == (isLogged ? true : nil))
    #expect(status.first?["has_position"] == (isLogged ? "1" : nil))
    #expect(status.first?["missing"] == (isLogged ? "0" : nil))
    #expect(status.first?["rpo"] == nil, "no backup to begin from")
    guard isLogged else {
      await connection.close()
      return try await server.remove()
    }

    let made = try await payops(["backup", "create", "--on", "server"])
    try #require(made.status == 0, "\(made)")
    let again = try await payops(["jobs", "run", "archive_logs", "--now"])
    #expect(again.status == 0, "\(again)")
    let rpo = try await connection.query(
      "SELECT log_rpo_seconds <= rpo_seconds AS is_less FROM ops_backup_status"
    ).rows.first?["is_less"]
    #expect(rpo == "1")
    // An account that may not read the log does nothing, and says so.
    try await connection.runScript(
      "CREATE USER plain@localhost; GRANT ALL ON payops.* TO plain@localhost")
    await connection.close()
    let plain = try await ProgramRun.payops(
      ["backup", "archive-logs", "--if-logged", "--socket", try #require(options.socket)]
        + ["--database", "payops", "--user", "plain", "--dir", folder])
    #expect(plain.status == 0 && plain.errors.contains("BINLOG MONITOR"), "\(plain)")
    try await server.remove()
  }
}
