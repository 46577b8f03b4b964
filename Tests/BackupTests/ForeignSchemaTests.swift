import Foundation
import MariaDBClient
import TestSupport
import Testing

@testable import Backup
@testable import Restore

@Suite("Backup of a foreign schema", .timeLimit(.minutes(5)))
struct ForeignSchemaTests {
  @Test("MariaDB's own sys schema is backed up, verified and restored under another name")
  func sysSchema() async throws {
    try await BackupSample.withConnection(to: "sys") { connection in
      let sample = try await BackupSample.make(connection)
      let kinds = Dictionary(grouping: sample.manifest.objects, by: \.kind).mapValues(\.count)
      #expect(kinds["view"] ?? 0 >= 100)
      #expect(kinds["procedure"] ?? 0 >= 20)
      #expect(kinds["function"] ?? 0 >= 20)
      #expect(kinds["table"] == 1)
      // Its views read `performance_schema`, and some routines administer the server.
      let untrusted = await #expect(throws: BackupError.self) { try await sample.examine() }
      #expect(untrusted?.code == .untrustedContent)
      let outcome = try await sample.examine(trust: .source)
      #expect(outcome.findings == [])
      #expect(outcome.state == .verified)
      try await BackupSample.withNewName { name in
        try await sample.restore(into: name, trust: .source)
        #expect(
          try await SchemaComparison(wanted: "sys", found: name).differences() == [])
        try await BackupSample.withConnection(to: name) { copy in
          // Views call the functions of their own schema, not those of the original.
          let text = try await copy.query("SHOW CREATE VIEW host_summary").rows.first?.text(at: 1)
          #expect(text?.contains("`sys`.") == false)
          // A function of the schema in 10.11, of the server in 11.8.
          #expect(text?.contains("format_bytes") == true)
          #expect(try await copy.query("SELECT sys_version FROM version").rows.count == 1)
        }
      }
    }
  }
}
