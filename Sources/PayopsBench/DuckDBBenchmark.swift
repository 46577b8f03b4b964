import Foundation
import MariaDBClient
import PayopsCore

/// The published views against DuckDB over the same rows: same questions, same answers.
struct DuckDBBenchmark: Sendable {
  /// What the Python process is asked.
  private struct Request: Encodable {
    struct Table: Encodable {
      let name: String
      let file: String
      let columns: [[String]]
      let order: String
    }
    struct Item: Encodable {
      let name: String
      let sql: String
    }
    let database: String
    let tables: [Table]
    let questions: [Item]
    let warmUps: Int
    let repetitions: Int
  }

  /// What the Python process answers.
  private struct Reply: Decodable {
    struct Item: Decodable {
      let name: String
      let rows: [[String?]]
      let milliseconds: [Double]
    }
    let version: String
    let loadSeconds: Double
    let questions: [Item]
  }

  private static let warmUps = 3
  private static let repetitions = 20
  private static let order = [
    "transactions": "transaction_time", "settlements": "due_at", "login_activity": "login_time",
    "accounts": "account_id",
  ]

  let schema: PaymentSchema
  let export: RowExport
  let work: WorkDirectory

  /// Measures, and records what was found.
  func run(into report: inout Report) async throws {
    let end = try await schema.endOfData()
    try await schema.drain(asOf: end)
    let connection = try await schema.connect(asOf: end)
    let questions = try await self.questions(end, connection)
    let reply = try await askDuckDB(questions, connection)
    var rows: [[String]] = []
    var json: [JSONValue] = []
    var logarithms = 0.0
    var slowest = Double.infinity
    for (question, other) in zip(questions, reply.questions) {
      Console.progress("duckdb: \(question.name)")
      let (sample, answer) = try await ask(question, connection)
      var theirs = Sample()
      for value in other.milliseconds { theirs.add(value) }
      let difference = AnswerComparison(question).difference(answer, other.rows)
      report.require(
        difference == nil, "the answers to \"\(question.name)\" differ: \(difference ?? "")")
      let ratio = theirs.median / sample.median
      logarithms += log(ratio)
      slowest = min(slowest, ratio)
      rows.append([
        question.name, Figure.short(sample.median), Figure.short(sample.p95),
        Figure.short(theirs.median), Figure.short(theirs.p95), Figure.short(ratio),
        difference == nil ? (ratio < 1 ? "misses" : "") : "WRONG",
      ])
      json.append([
        "question": .text(question.name), "mariadb": .text(question.mariaDB),
        "duckdb": .text(question.duckDB), "rows": .integer(answer.count),
        "mariadb_ms": sample.json, "duckdb_ms": theirs.json, "ratio": .number(ratio),
        "answers_agree": .bool(difference == nil),
      ])
    }
    await connection.close()
    let mean = exp(logarithms / Double(max(1, questions.count)))
    report.target(
      "views against DuckDB, geometric mean", "\(Figure.short(mean))x", goal: ">= 10x",
      holds: mean >= 10)
    report.target(
      "views against DuckDB, slowest question", "\(Figure.fixed(slowest, 2))x", goal: ">= 1x",
      holds: slowest >= 1)
    report.add(
      "duckdb",
      [
        "version": .text(reply.version), "load_seconds": .number(reply.loadSeconds),
        "as_of": .text(end.description), "size": .integer(schema.size),
        "geometric_mean": .number(mean), "slowest": .number(slowest), "questions": .array(json),
      ])
    Console.table(
      "Views against DuckDB \(reply.version) at \(Figure.size(schema.size)) payments, ms",
      ["question", "p50", "p95", "Duck p50", "Duck p95", "ratio", ""], rows)
    Console.line("geometric mean of the ratios: \(Figure.short(mean))")
  }

  private func questions(_ end: CivilInstant, _ connection: Connection) async throws -> [Question] {
    let row = try await connection.ask(
      """
      SELECT
          (SELECT window_end_date FROM rollup_state WHERE state_id = 1) AS window_end,
          (SELECT account_id FROM account_window WHERE completed_count > 1
              ORDER BY completed_count DESC, account_id LIMIT 1) AS account_id
      """
    ).first
    guard let windowEnd = row?["window_end"].flatMap({ CivilDate($0) }),
      let account = row?.integer("account_id")
    else { throw BenchError("the window of accounts is empty in \(schema.name)") }
    let windows = QuestionWindows(asOf: end, account: Int(account), windowEnd: windowEnd)
    return Question.payments(windows) + Question.operations(windows)
  }

  private func ask(_ question: Question, _ connection: Connection) async throws
    -> (Sample, [[String?]])
  {
    var sample = Sample()
    var answer: [[String?]] = []
    for run in 0..<(Self.warmUps + Self.repetitions) {
      try Task.checkCancellation()
      let start = ContinuousClock.now
      let result = try await connection.ask(question.mariaDB)
      let milliseconds = (ContinuousClock.now - start).inMilliseconds
      if run >= Self.warmUps { sample.add(milliseconds) }
      answer = result.map(\.values)
    }
    return (sample, answer)
  }

  /// Exports the rows and has the Python process load them and answer.
  private func askDuckDB(_ questions: [Question], _ connection: Connection) async throws -> Reply {
    var tables: [Request.Table] = []
    for name in RivalLoad.tableNames + ["accounts"] {
      Console.progress("duckdb: export \(name)")
      let table = try await RowExport.table(name, connection)
      try await export.write(table, connection)
      tables.append(
        Request.Table(
          name: name, file: export.path(name), columns: table.columns.map { [$0.name, $0.type] },
          order: Self.order[name] ?? "1"))
    }
    let request = Request(
      database: work.path("duck.db"), tables: tables,
      questions: questions.map { Request.Item(name: $0.name, sql: $0.duckDB) },
      warmUps: Self.warmUps, repetitions: Self.repetitions)
    try JSONEncoder().encode(request).write(to: URL(filePath: work.path("questions.json")))
    Console.progress("duckdb: load and answer \(questions.count) questions")
    let environment = ProcessInfo.processInfo.environment
    guard let python = environment["PAYOPS_BENCH_PYTHON"],
      let script = environment["PAYOPS_BENCH_DUCKDB"]
    else { throw BenchError("run scripts/bench: it prepares Python for DuckDB") }
    let outcome = try await MeasuredProcess(
      [python, script, work.path("questions.json")], outputPath: work.path("duckdb.json")
    ).finish(within: .seconds(300 + schema.size / 10_000))
    for name in ["duck.db", "duck.db.wal"] { unlink(work.path(name)) }
    let reply = try JSONDecoder().decode(Reply.self, from: Data(outcome.output.utf8))
    guard reply.questions.map(\.name) == questions.map(\.name) else {
      throw BenchError("DuckDB answered other questions")
    }
    return reply
  }
}
