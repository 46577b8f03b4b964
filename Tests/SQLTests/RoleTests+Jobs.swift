internal import MariaDBClient
internal import Schema
internal import Testing

/// Jobs and the rights with which they run.
extension RoleTests {
  /// Runs a job for a scheduled time and returns its outcome.
  func runJob(_ name: String, _ time: String, _ connection: Connection) async throws
    -> String?
  {
    let results = try await connection.queryAll(
      "CALL run_job(?, ?, NULL, NULL, NULL)", [.text(name), .text(time)])
    return results.last { !$0.columns.isEmpty }?.rows.first?["outcome"]
  }

  @Test("an administrator of the schema gains no rights on the server through a job")
  func jobsGiveNoRights() async throws {
    try await withRoles { owner, schema in
      var admin = try await connect(as: "admin", schema, owner)
      let account = "`\(schema)_u_admin`@localhost"
      let loot = "SELECT Priv FROM mysql.global_priv LIMIT 1"
      let robberies = [
        "GRANT ALL PRIVILEGES ON *.* TO \(account) WITH GRANT OPTION",
        "SET GLOBAL long_query_time = 11",
        "CREATE USER `\(schema)_u_more`@localhost", "CREATE TABLE loot AS \(loot)",
      ]
      /// Each is the command of a job, in a routine that runs with the rights of its caller.
      func rob(_ day: Int, as admin: Connection) async throws -> [String?] {
        var outcomes: [String?] = []
        for (number, robbery) in robberies.enumerated() {
          try await admin.execute(
            "CREATE OR REPLACE PROCEDURE rob() SQL SECURITY INVOKER BEGIN \(robbery); END")
          try await admin.execute(
            "UPDATE jobs SET command_text = 'CALL rob()' WHERE job_name = 'purge_history'")
          outcomes.append(
            try await runJob("purge_history", "2026-11-\(day) 0\(number):00:00", admin))
        }
        return outcomes
      }
      func globalRights() async throws -> Bool {
        try await owner.query("SHOW GRANTS FOR \(account)").rows
          .contains { ($0.values.first ?? nil)?.contains("ALL PRIVILEGES ON *.*") == true }
      }
      // Control: objects of the server's administrator run with all its rights.
      let before = try await rob(10, as: admin)
      #expect(before == Array(repeating: "succeeded", count: robberies.count))
      #expect(try await globalRights())
      try await owner.execute("REVOKE ALL PRIVILEGES, GRANT OPTION FROM \(account)")
      try await owner.execute("GRANT `\(schema)_admin` TO \(account)")
      try await owner.execute("SET DEFAULT ROLE `\(schema)_admin` FOR \(account)")
      try await owner.execute("DROP TABLE loot")
      try await owner.execute("DROP USER `\(schema)_u_more`@localhost")
      let login = admin.options
      await admin.close()
      admin = try await Connection.open(login)

      try await OwnerAccount.make(on: owner)
      try await Deployment(connection: owner).deploy()
      let after = try await rob(11, as: admin)
      #expect(after == Array(repeating: "failed", count: robberies.count))
      #expect(try await !globalRights())
      #expect(await refusal("SELECT 1 FROM loot", owner) == 1146)
      await admin.close()
    }
  }
}
