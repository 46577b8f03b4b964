import Foundation
import MariaDBClient
import TestSupport
import Testing

/// The output of commands that read files: imports with good, odd and refused records, and
/// detectors.
@Suite("Output of the commands that read files", .timeLimit(.minutes(5)))
struct FileOutputTests {
  private static let files = [
    "payments.csv": """
    transaction_id,account_id,counterparty_account_id,transaction_time,transaction_amount,\
    currency,transaction_type,status
    1,1,2,2026-01-10 10:00:00,12.50,EUR,wire,completed
    2,1,3,2026-01-10 10:00:01,7,EUR,transfer,failed
    2,1,3,2026-01-10 10:00:01,7,EUR,transfer,failed
    3,2,,2026-13-10 10:00:00,7,EUR,transfer,failed
    4,2,,2026-01-10 10:00:02,seven,EUR,transfer,failed
    5,2,,2026-01-10 10:00:02,7,XXX,transfer,failed
    6,2,,2026-01-10 10:00:02,7,EUR,barter,failed
    """,
    "minutes.csv": """
    timestamp,status,count
    2026-01-10 10:00:00,approved,100
    2026-01-10 10:00:00,denied,7
    2026-01-10 10:01:00,approved,104
    2026-01-10 10:01:00,nosuch,1
    2026-01-10 10:02:00,approved,-4
    """,
    "series.csv": "timestamp,value\n"
      + (0..<400).map { minute in
        let time = String(
          format: "2026-01-%02d %02d:%02d:00", 1 + minute / 96, minute / 4 % 24,
          minute % 4 * 15)
        return "\(time),\(minute == 350 ? 900 : 100 + minute * 7 % 13)\n"
      }.joined(),
    "days.csv": "time,today,yesterday,week\n"
      + (0..<24).map { "\($0)h,\($0 == 15 ? 0 : 40 + $0),\(41 + $0),\(39 + $0)\n" }.joined(),
    "broken.csv": "timestamp,value\n2026-01-01 00:00:00,1\n2026-01-01 00:01:00,\"x\n",
  ]

  private static let calls = """
    import FOLDER/minutes.csv --mapping minute-status-counts
    import FOLDER/minutes.csv --mapping minute-status-counts --json
    import FOLDER/payments.csv --mapping payops
    import FOLDER/payments.csv --mapping nosuch
    import FOLDER/nosuch.csv --mapping payops
    import FOLDER/broken.csv --mapping minute-status-counts
    import - --mapping cards --print-mapping
    kpi ops_quarantine
    detect FOLDER/series.csv --out FOLDER/scores.csv
    detect FOLDER/series.csv --out FOLDER/scores.csv --json
    detect FOLDER/series.csv --out FOLDER/scores.csv --fail-on-anomaly --threshold 0.9
    detect FOLDER/broken.csv --out FOLDER/scores.csv
    detect FOLDER/days.csv --value-column today --against yesterday,week
    detect FOLDER/days.csv --value-column today --against yesterday,week --json
    detect FOLDER/days.csv --value-column today --against nosuch
    detect FOLDER/nosuch.csv
    """

  @Test("the output of the commands that read files is as recorded")
  func transcript() async throws {
    let folder = try TemporaryDirectory.make("files")
    for (name, text) in Self.files {
      try Data(text.utf8).write(to: folder.appending(path: name))
    }
    try await TestServer.withSchema { connection in
      let socket = try #require(connection.options.socket)
      let database = try #require(
        try await connection.query("SELECT DATABASE() AS name").rows.first?["name"])
      try await connection.runScript(
        """
        INSERT INTO customers (customer_id, name, country, account_open_date)
        VALUES (1, 'one', 'DE', '2020-01-01');
        INSERT INTO accounts (account_id, customer_id, account_type, currency, opened_at)
        SELECT seq, 1, 'personal', 'EUR', '2020-01-01' FROM seq_1_to_3;
        """)
      var transcript = Transcript("files")
      let target = ["--socket", socket, "--user", "root", "--database", database]
      for call in Self.calls.split(separator: "\n") {
        // Detectors need no database, and refuse options of one.
        try await transcript.call(
          String(call), call.hasPrefix("detect") ? [] : target, names: ["FOLDER": folder.path])
      }
      try await TerminalOutputs.check(
        """
        import FOLDER/minutes.csv --mapping minute-status-counts
        detect FOLDER/days.csv --value-column today --against yesterday,week
        generate --transactions 300 --days 3 --customers 100 --seed 7
        deploy --check
        """, names: ["FOLDER": folder.path]
      ) { $0.hasPrefix("detect") ? [] : target }
      try transcript.compare([
        folder.path: "FOLDER", socket: "<socket>", database: "<schema>",
      ])
    }
  }
}
