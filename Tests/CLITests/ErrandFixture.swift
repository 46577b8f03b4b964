import Foundation
import MariaDBClient
import PayopsCore
import TestSupport
import Testing

/// A private server with three weeks of generated payments, evaluated rules, a monitor that has
/// learned, and an outage of the last minutes that it has found.
struct ErrandFixture: Sendable {
  /// The schema.
  static let schema = "payops"
  /// The acquirer of the payments of the outage, and of no others.
  static let acquirer = "Errand Bank"

  /// The server.
  let server: PrivateServer
  /// A folder for backups and secrets.
  let folder: URL

  private static let shared = Task { try await make() }

  /// The fixture that all errands share.
  static func open() async throws -> ErrandFixture { try await shared.value }

  private static func make() async throws -> ErrandFixture {
    let fixture = ErrandFixture(
      server: try await TestServer.privateServer(),
      folder: try TemporaryDirectory.make("errand"))
    let before = CivilInstant(secondsSinceEpoch: Int(Date().timeIntervalSince1970) - 15 * 60)
    for words in [
      ["deploy"], ["generate", "--transactions=3000", "--days=20", "--seed=42", "--quiet"],
      ["rules", "evaluate"], ["monitor", "tick", "--at", before.description],
    ] { try await fixture.prepare(words) }
    let connection = try await fixture.connect()
    // One payment a second, four of five without an answer of the acquirer.
    try await connection.execute(
      """
      INSERT INTO transactions (account_id, transaction_time, transaction_amount, currency,
          transaction_type, status, acquirer, requested_at, responded_at)
      SELECT (SELECT MIN(a.account_id) FROM accounts AS a),
          n.now - INTERVAL s.seq SECOND, 10 + s.seq, 'EUR', 'card_payment',
          IF(s.seq MOD 5 = 0, 'completed', 'failed'), '\(acquirer)',
          n.now - INTERVAL s.seq SECOND, n.now - INTERVAL s.seq - 1 SECOND
      FROM seq_1_to_600 AS s
      CROSS JOIN (SELECT UTC_TIMESTAMP() AS now) AS n
      """)
    await connection.close()
    for words in [["refresh"], ["monitor", "tick"]] { try await fixture.prepare(words) }
    return fixture
  }

  private func prepare(_ words: [String]) async throws {
    let run = try await payops(words)
    try #require(run.status == 0, "\(words): \(run)")
  }

  /// An errand on the fixture.
  func errand() -> Errand { Errand(self) }

  /// Another connection, as the owner.
  func connect(to schema: String = ErrandFixture.schema) async throws -> Connection {
    var options = server.connectionOptions
    options.database = schema
    return try await Connection.open(options)
  }

  /// Runs the program on a schema of the server.
  func payops(_ words: [String], schema: String = ErrandFixture.schema) async throws -> ProgramRun {
    let options = server.connectionOptions
    let place = ["--socket", try #require(options.socket), "--database", schema]
    return try await ProgramRun.payops(
      words + place + (options.user.map { ["--user", $0] } ?? []), deadline: .seconds(200))
  }

  /// Rows of a statement over the tables, each as a text with bars.
  func rows(
    _ statement: String, schema: String = ErrandFixture.schema
  ) async throws -> [String] {
    let connection = try await connect(to: schema)
    let result: Result<[String], any Error>
    do {
      let found = try await connection.query(statement)
      result = .success(
        found.rows.map { row in
          found.columns.map { row[$0.name] ?? "NULL" }.joined(separator: "|")
        })
    } catch {
      result = .failure(error)
    }
    await connection.close()
    return try result.get()
  }

  /// Writes a file that only its owner can read.
  func secret(_ name: String, _ text: String) throws -> String {
    let path = folder.appending(path: name).path
    try Data(text.utf8).write(to: URL(filePath: path))
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    return path
  }
}
