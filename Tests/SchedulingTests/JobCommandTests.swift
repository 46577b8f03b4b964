import MariaDBClient
import Scheduling
import TestSupport
import Testing

@Suite("Commands allowed in jobs", .timeLimit(.minutes(3)))
struct JobCommandTests {
  @Test("a job may run the daily work, and nothing that reaches another server, a shell or a file")
  func words() {
    func refused(_ text: String) -> Bool {
      JobWords.refusal(text.split(separator: " ").map(String.init)) != nil
    }
    for text in ["monitor tick", "notify send", "backup create --key /k", "reconcile --json"] {
      #expect(!refused(text), "\(text)")
    }
    for text in [
      "", "server shell -- -e x", "restore --latest --replace", "deploy", "roles apply",
      "privacy erase 1 --confirm 1", "import /etc/shadow --mapping x", "demo --remove", "run",
      "detect /etc/shadow", "generate --transactions 1", "--json server shell",
      "notify send --url=mariadb://evil/x", "notify send --host evil",
      "monitor tick --socket /evil",
      "backup create --defaults-file /evil", "notify send -u evil", "monitor tick --tls off",
    ] {
      #expect(refused(text), "\(text)")
    }
  }

  @Test("every built-in job is allowed")
  func shipped() async throws {
    try await TestServer.withSchema { connection in
      let rows = try await connection.query(
        "SELECT command_text FROM jobs WHERE command_kind = 'payops'"
      ).rows
      #expect(rows.count >= 5)
      for row in rows {
        let words = (row["command_text"] ?? "").split(separator: " ").map(String.init)
        #expect(JobWords.refusal(words) == nil)
      }
    }
  }
}
