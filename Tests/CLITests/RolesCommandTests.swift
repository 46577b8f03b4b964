import Foundation
import MariaDBClient
import TestSupport
import Testing

@Suite("payops roles and payops privacy", .timeLimit(.minutes(5)))
struct RolesCommandTests {
  private func run(_ words: [String], _ connection: Connection) async throws -> ProgramRun {
    let options = connection.options
    var all =
      words + [
        "--socket", try #require(options.socket), "--database", try #require(options.database),
      ]
    if let user = options.user { all += ["--user", user] }
    return try await ProgramRun.run(
      try ProgramRun.binary, all, deadline: .seconds(120))
  }

  @Test("roles apply creates what roles check misses, and check sets the exit code")
  func roles() async throws {
    try await TestServer.withSchema { connection in
      let schema = try #require(connection.options.database)
      let before = try await run(["roles", "check", "--json"], connection)
      #expect(before.status == 1, "\(before.errors)")
      #expect(
        before.output.contains(
          #"{"difference":"missing","grantee":"\#(schema)_bi","privilege":"","object":""}"#))
      let applied = try await run(["roles", "apply", "--owner"], connection)
      #expect(applied.status == 0, "\(applied.errors)")
      let after = try await run(["roles", "check"], connection)
      #expect(after.status == 0, "\(after.output)")
      #expect(after.output == "")
      #expect(after.errors == "the roles are as they should be\n")
      try await connection.execute("GRANT SELECT ON customers TO `\(schema)_bi`")
      let excess = try await run(["roles", "check", "--format", "csv"], connection)
      #expect(excess.status == 1)
      #expect(
        excess.output
          == "difference,grantee,privilege,object\r\n"
          + "excess,\(schema)_bi,SELECT,`\(schema)`.`customers`\r\n")
      let drift = try await run(["deploy", "--check"], connection)
      #expect(drift.status == 0, "\(drift.output)")
      for role in ["admin", "analyst", "backup", "bi", "job", "monitor", "ops"] {
        try await connection.execute("DROP ROLE `\(schema)_\(role)`")
      }
      try await connection.execute("DROP USER `\(schema)_owner`@localhost")
    }
  }

  @Test("privacy erase needs the number twice, prints the proof, and gives reasons for a refusal")
  func erase() async throws {
    try await TestServer.withSchema { connection in
      try await connection.execute(
        "INSERT INTO customers (customer_id, name, email, country, account_open_date)"
          + " VALUES (7, 'Zebedee Quillfeather', 'zq@example.org', 'PL', '2020-01-01')")
      for words in [["7"], ["7", "--confirm", "8"], ["seven", "--confirm", "7"]] {
        let refused = try await run(["privacy", "erase"] + words, connection)
        #expect(refused.status == 64, "\(words)")
      }
      let names = "SELECT name FROM customers"
      #expect(try await connection.query(names).rows.first?["name"] == "Zebedee Quillfeather")
      let unknown = try await run(["privacy", "erase", "8", "--confirm", "8"], connection)
      #expect(unknown.status == 65)
      #expect(unknown.errors.contains("the customer does not exist"))
      let erased = try await run(["privacy", "erase", "7", "--confirm", "7", "--json"], connection)
      #expect(erased.status == 0, "\(erased.errors)")
      #expect(erased.output.contains(#""customer_id":7"#))
      #expect(try await connection.query(names).rows.first?["name"] == "erased customer 7")
      let list = try await run(["privacy", "list", "--format", "csv"], connection)
      #expect(list.status == 0)
      #expect(list.output.split(separator: "\r\n").count == 2)
      #expect(!(list.output + erased.output).contains("Zebedee"))
    }
  }
}
