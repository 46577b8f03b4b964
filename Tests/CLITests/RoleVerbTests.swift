import Foundation
import MariaDBClient
import PayopsCore
import Schema
import TestSupport
import Testing

@testable import Health

@Suite("Verbs of payops by role", .timeLimit(.minutes(10)))
struct RoleVerbTests {
  /// A command, and the roles whose accounts may run it.
  private struct Attempt {
    let words: [String]
    let allowed: Set<String>

    init(_ words: String, _ allowed: Set<String>) {
      self.words = words.split(separator: " ").map(String.init)
      self.allowed = allowed
    }
  }

  private static let roles = ["admin", "job", "ops", "analyst", "bi", "backup", "monitor"]

  /// Alert 1 is there. Status 77 is a refusal; any other one is the command's own answer.
  private static let attempts = [
    Attempt("health", Set(roles)),
    Attempt("health --at 2026-11-20T00:00", Set(roles)),
    Attempt("alerts list", Set(roles)),
    Attempt("alerts times", Set(roles)),
    Attempt("alerts show 1", ["admin", "job", "ops", "analyst", "backup", "monitor"]),
    Attempt("alerts silences", ["admin", "job", "ops", "analyst", "backup", "monitor"]),
    Attempt("alerts explain 1", ["admin", "ops", "analyst"]),
    Attempt("alerts ack 1", ["admin", "ops"]),
    Attempt("monitor", Set(roles)),
    Attempt("monitor --source live", Set(roles)),
    Attempt("jobs check", ["admin", "job", "ops", "backup", "monitor"]),
    Attempt("jobs list", ["admin", "job", "ops", "backup", "monitor"]),
    Attempt("jobs history", ["admin", "job", "ops", "backup", "monitor"]),
    Attempt("jobs next refresh_kpis", ["admin", "job", "ops", "backup"]),
    Attempt("jobs disable purge_history", ["admin", "ops"]),
    Attempt("jobs schedule purge_history @daily", ["admin"]),
    Attempt("kpi", Set(roles)),
    Attempt("metrics", Set(roles)),
    Attempt("rules list", ["admin", "analyst", "backup"]),
    Attempt("cases list", ["admin", "analyst", "backup"]),
    Attempt("risk scores", ["admin", "analyst", "bi", "backup"]),
    Attempt("integrity", ["admin", "job"]),
    Attempt("refresh", ["admin", "job"]),
    Attempt("notify list", ["admin", "job", "ops", "analyst", "backup", "monitor"]),
    Attempt("notify routes", ["admin", "job", "ops", "backup"]),
    Attempt("privacy list", ["admin", "backup"]),
    Attempt("audit verify", ["admin"]),
    Attempt("doctor", Set(roles)),
    Attempt("roles check", []),
    // Objects that belong to another account show their bodies only to readers of mysql.proc.
    Attempt("deploy --check", []),
  ]

  /// Runs a body with roles and an account for each, which is removed afterwards.
  private func withAccounts(
    _ body: (Connection, _ schema: String, _ account: (String) -> String) async throws -> Void
  ) async throws {
    try await TestServer.withSchema { connection in
      let schema = try #require(connection.options.database)
      try await DatabaseRoles(connection: connection).apply()
      for role in Self.roles {
        try await connection.execute("CREATE USER `\(schema)_u_\(role)`@localhost")
        try await connection.execute("GRANT `\(schema)_\(role)` TO `\(schema)_u_\(role)`@localhost")
      }
      try await DatabaseRoles(connection: connection).apply()
      do {
        try await body(connection, schema) { "\(schema)_u_\($0)" }
      } catch {
        try await Self.removeAccounts(of: schema, connection)
        throw error
      }
      try await Self.removeAccounts(of: schema, connection)
    }
  }

  private static func removeAccounts(of schema: String, _ connection: Connection) async throws {
    let rows = try await connection.query(
      """
      SELECT CONCAT(IF(is_role = 'Y', 'DROP ROLE `', 'DROP USER `'), User, '`',
        IF(is_role = 'Y', '', CONCAT('@`', Host, '`'))) AS statement
      FROM mysql.user WHERE LEFT(User, ?) = ?
      """, [.integer(Int64(schema.count + 1)), .text(schema + "_")]
    ).rows
    for row in rows { try await connection.execute(row["statement"] ?? "") }
  }

  private func run(
    _ words: [String], as user: String, _ connection: Connection
  ) async throws -> ProgramRun {
    try await ProgramRun.payops(
      words + [
        "--socket", try #require(connection.options.socket),
        "--database", try #require(connection.options.database), "--user", user,
      ], deadline: .seconds(120))
  }

  @Test("an account of a role runs the commands of the role; others name what is missing")
  func verbs() async throws {
    try await withAccounts { owner, schema, account in
      _ = try await owner.queryAll(
        "CALL raise_alert('role_test', 'nothing', 'WARNING', 'made by a test')")
      _ = try await owner.queryAll(
        "UPDATE alerts SET alert_id = 1 WHERE alert_rule = 'role_test'")
      for role in Self.roles {
        for attempt in Self.attempts {
          let run = try await run(attempt.words, as: account(role), owner)
          let words = attempt.words.joined(separator: " ")
          #expect(
            (run.status != 77) == attempt.allowed.contains(role),
            "\(role): \(words): \(run.status) \(run.errors)")
          #expect(![70, 69].contains(run.status), "\(role): \(words): \(run.errors)")
          guard run.status == 77, words != "deploy --check" else { continue }
          #expect(run.errors.contains("the account lacks "), "\(role): \(words): \(run.errors)")
          #expect(
            run.errors.contains(" \(schema).") || run.errors.contains(" mysql."),
            "\(role): \(words): \(run.errors)")
          if run.errors.contains(" \(schema).") {
            #expect(
              run.errors.contains("hint: the role"), "\(role): \(words): \(run.errors)")
          }
        }
        // An account without the rights to compare says so, instead of naming hundreds of objects.
        let check = try await run(["deploy", "--check"], as: account(role), owner)
        #expect(check.errors.contains("unknown"), "\(role): \(check.errors)")
        #expect(!check.output.contains("missing"), "\(role): \(check.output)")
      }
    }
  }

  /// The privileges of the account of the daemon, as docs/operations.md grants them.
  private func makeDaemon(_ schema: String, _ owner: Connection) async throws -> String {
    for statement in [
      "CREATE ROLE `\(schema)_daemon`", "GRANT `\(schema)_job` TO `\(schema)_daemon`",
      "GRANT `\(schema)_backup` TO `\(schema)_daemon`", "CREATE USER `\(schema)_d`@localhost",
      "GRANT `\(schema)_daemon` TO `\(schema)_d`@localhost",
      "SET DEFAULT ROLE `\(schema)_daemon` FOR `\(schema)_d`@localhost",
      "GRANT BINLOG MONITOR, REPLICATION SLAVE ON *.* TO `\(schema)_d`@localhost",
    ] { try await owner.execute(statement) }
    return "\(schema)_d"
  }

  /// What the doctor says of the privileges of an account.
  private func finding(_ user: String, _ owner: Connection) async throws -> Finding {
    var options = owner.options
    options.user = user
    options.password = nil
    let connection = try await Connection.open(options)
    let schema = try #require(options.database)
    let results = try await Check.results(
      of: Check.all.filter { $0.name == "privileges" },
      on: Examination(of: connection, database: schema))
    await connection.close()
    return try #require(results.first).finding
  }

  @Test("the doctor misses nothing in an account of a role, and names each privilege it has lost")
  func doctor() async throws {
    try await withAccounts { owner, schema, account in
      let daemon = try await makeDaemon(schema, owner)
      for user in Self.roles.map(account) + [daemon] {
        let found = try await finding(user, owner)
        // Backups are jobs, too, and take a role of their own.
        let isJob = user == account("job")
        #expect(found.verdict == (isJob ? .warning : .ok), "\(user): \(found.sentence)")
        #expect(
          !isJob || found.sentence.contains("job create_backup needs the role \(schema)_backup"),
          "\(found.sentence)")
      }
      let declared = try DeclaredRoles()
      for role in ["job", "backup", "bi"] {
        let user = role == "bi" ? account(role) : daemon
        let others = declared.grants(of: role == "job" ? "backup" : "job", in: schema)
        // Each eighth is enough: they are judged alike.
        for (number, grant) in declared.grants(of: role, in: schema).sorted().enumerated()
        where number % 8 == 0 {
          let place = "\(grant.privilege) ON \(grant.object)"
          // The daemon has some twice, by both roles: then nothing is missing.
          try await owner.execute("REVOKE \(place) FROM `\(schema)_\(role)`")
          let isTwice =
            role != "bi"
            && others.contains {
              $0.privilege == grant.privilege
                && ($0.object == grant.object || $0.object.hasSuffix(".*"))
            }
          let found = try await finding(user, owner)
          #expect(
            found.verdict == (isTwice ? .ok : .failure), "\(role): \(place): \(found.sentence)")
          #expect(
            isTwice || found.sentence.contains("\(grant.privilege) on \(grant.object)"),
            "\(role): \(found.sentence)")
          try await owner.execute("GRANT \(place) TO `\(schema)_\(role)`")
        }
      }
      // A whole role that was revoked, and the privileges on the server.
      for role in ["job", "backup"] {
        try await owner.execute("REVOKE `\(schema)_\(role)` FROM `\(schema)_daemon`")
        let found = try await finding(daemon, owner)
        #expect(found.verdict == .failure, "\(role): \(found.sentence)")
        #expect(found.sentence.contains("\(schema)_\(role)"), "\(found.sentence)")
        try await owner.execute("GRANT `\(schema)_\(role)` TO `\(schema)_daemon`")
      }
      #expect(try await finding(daemon, owner).verdict == .ok)
      let logs = Check.privileges(
        held: Grants(["GRANT ALL PRIVILEGES ON `\(schema)`.* TO `a`@`b`"]), of: ["job"],
        on: schema, declared: declared, backupJobs: [], copiesLogs: true)
      #expect(logs.verdict == .failure)
      #expect(logs.sentence.contains("BINLOG MONITOR, REPLICATION SLAVE"))
    }
  }

  @Test(
    "the doctor calls views unreadable for an account, not broken, when only it may not read them")
  func readOnly() async throws {
    try await withAccounts { owner, schema, _ in
      try await owner.execute("CREATE USER `\(schema)_ro`@localhost")
      let pattern = schema.replacing("_", with: "\\_")
      try await owner.execute(
        "GRANT SELECT, SHOW VIEW ON `\(pattern)`.* TO `\(schema)_ro`@localhost")
      let run = try await run(["doctor", "--json"], as: "\(schema)_ro", owner)
      let rows = try #require(
        try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [[String: Any]])
      let views = try #require(rows.first { $0["check"] as? String == "views" })
      #expect(views["verdict"] as? String == "unknown", "\(views)")
      #expect((views["what_to_do"] as? String)?.contains("payops deploy") == false, "\(views)")
    }
  }
}
