import Foundation
import MariaDBClient
import TestSupport
import Testing

@Suite("The job check_seals", .timeLimit(.minutes(10)))
struct SealAlertTests {
  @Test("a tampered payment raises an alert with its number, resolved once it is repaired")
  func alert() async throws {
    let folder = try TemporaryDirectory.make("seals")
    defer { TemporaryDirectory.remove(folder) }
    try await TestServer.withSchema { connection in
      let schema = try #require(
        try await connection.query("SELECT DATABASE() AS name").rows.first?["name"])
      let key = folder.appending(path: "seal.key").path
      func payops(_ arguments: String...) async throws -> ProgramRun {
        try await ProgramRun.payops(
          arguments,
          environment: [
            "PAYOPS_DATABASE": schema, "PAYOPS_SOCKET": connection.options.socket ?? "",
            "PAYOPS_USER": connection.options.user ?? "", "PAYOPS_SEAL_KEY": key,
          ], deadline: .seconds(120))
      }
      func alerts() async throws -> [String] {
        try await connection.query(
          "SELECT CONCAT_WS(' ', alert_state, severity, alert_message) AS a FROM alerts"
            + " WHERE alert_rule = 'seals_broken' AND alert_subject = 'payments'"
        ).rows.compactMap { $0["a"] }
      }
      try await connection.runScript(
        """
        INSERT INTO customers (customer_id, name, country, account_open_date)
        VALUES (1, 'one', 'DE', '2020-01-01');
        INSERT INTO accounts (account_id, customer_id, account_type, currency, balance, opened_at)
        SELECT seq, 1, 'personal', 'EUR', 1000, '2020-01-01' FROM seq_1_to_2;
        CALL post_payment('a', 1, 2, 10.50, 'EUR', 'transfer', NULL, @payment, @s, @r)
        """)
      let payment = try #require(
        try await connection.query("SELECT @payment AS id").rows.first?["id"])
      #expect(try await payops("seal", "--new-key", "--key", key).status == 0)
      #expect(try await payops("seal", "--delay", "0").output != "0 sealed\n")
      let clean = try await payops("jobs", "run", "check_seals", "--now")
      #expect(clean.status == 0, "\(clean)")
      #expect(try await alerts() == [])

      let tamper = "UPDATE transactions SET location = ? WHERE transaction_id = \(payment)"
      try await connection.execute(tamper, [.text("Elsewhere")])
      // A manual check prints the finding and raises no alert in the name of a job.
      let look = try await payops("integrity")
      #expect(look.status == 1, "\(look)")
      #expect(try await alerts() == [])
      let found = try await payops("jobs", "run", "check_seals", "--now")
      #expect(found.status != 0, "\(found)")
      #expect(
        try await alerts()
          == ["firing SEVERE 1 findings: payment \(payment) changed after it was sealed"])

      try await connection.execute(tamper, [.null])
      let right = try await payops("jobs", "run", "check_seals", "--now")
      #expect(right.status == 0, "\(right)")
      #expect(try await alerts().allSatisfy { $0.hasPrefix("resolved ") })
    }
  }
}
