import Foundation
import MariaDBClient
import PayopsCore
import Tabular

/// The published views against DuckDB over the same rows: same questions, same answers.
struct DuckDBBenchmark: Sendable {
  private static let warmUps = 3
  /// Runs of a question in one turn.
  private static let runs = 4
  private static let order = [
    "transactions": "transaction_time", "settlements": "due_at", "login_activity": "login_time",
    "accounts": "account_id",
  ]

  let schema: PaymentSchema
  let export: RowExport
  let work: WorkDirectory
  let meter: Meter
  let rounds: Int

  /// Measures, and records the results.
  func run(into report: inout Report) async throws {
    let end = try await schema.endOfData()
    try await schema.drain(asOf: end)
    let connection = try await schema.connect(asOf: end)
    let questions = try await self.questions(end, connection)
    let duck = try await load(connection)
    defer { duck.close() }
    var rows: [[String]] = []
    var json: [JSON] = []
    var logarithms = 0.0
    var slowest = Double.infinity
    for question in questions {
      let (result, ours, theirs) = try await contest(question, connection, duck)
      let difference = AnswerComparison(question).difference(ours, theirs)
      report.require(
        difference == nil, "the answers to \"\(question.name)\" differ: \(difference ?? "")")
      let ratio = result.ratio.median
      logarithms += log(ratio)
      slowest = min(slowest, ratio)
      rows.append([
        question.name, Figure.short(result.seconds.median * 1000 / Double(Self.runs)),
        Figure.short(result.rivalSeconds.median * 1000 / Double(Self.runs)), result.ratio.text(1),
        Figure.short(result.cpuRatio.median),
        difference == nil ? (ratio < 1 ? "misses" : "") : "WRONG",
      ])
      json.append([
        "question": .string(question.name), "mariadb": .string(question.mariaDB),
        "duckdb": .string(question.duckDB), "rows": .integer(ours.count),
        "contest": result.json, "answers_agree": .bool(difference == nil),
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
        "version": .string(duck.loaded.version), "load_seconds": .figure(duck.loaded.loadSeconds),
        "as_of": .string(end.description), "size": .integer(schema.size),
        "geometric_mean": .figure(mean), "slowest": .figure(slowest), "questions": .array(json),
      ])
    Console.table(
      "Views against DuckDB \(duck.loaded.version) at \(Figure.size(schema.size)) payments, ms",
      ["question", "ms", "Duck ms", "ratio", "of CPU", ""], rows)
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

  /// Asks both in turns, each with warm caches.
  ///
  /// - Returns: the contest, and the rows of both.
  private func contest(
    _ question: Question, _ connection: Connection, _ duck: DuckDBProcess
  ) async throws -> (ContestResult, ours: [[String?]], theirs: [[String?]]) {
    let ours = try await connection.ask(question.mariaDB).map(\.values)
    for _ in 1..<Self.warmUps { _ = try await connection.ask(question.mariaDB) }
    let theirs = try duck.ask(question.duckDB, runs: Self.warmUps).rows
    // The questions of a round are asked one after the other: the process is not Sendable.
    var finished: [ContestResult.Round] = []
    for round in 0..<rounds {
      let first = try await turn(question, connection)
      let other = try turn(question, duck)
      let second = try await turn(question, connection)
      finished.append(
        round.isMultiple(of: 2)
          ? ContestResult.Round(product: first, control: second, rival: other)
          : ContestResult.Round(product: second, control: first, rival: other))
    }
    let result = ContestResult(
      name: question.name, unit: "question", units: Self.runs, product: "payops", rival: "DuckDB",
      rounds: finished)
    Console.progress("duckdb: \(question.name), ratio \(result.ratio.text(1))")
    return (result, ours, theirs)
  }

  private func turn(_ question: Question, _ connection: Connection) async throws -> Turn {
    try await meter.measure {
      for _ in 0..<Self.runs { _ = try await connection.ask(question.mariaDB) }
    }.turn
  }

  private func turn(_ question: Question, _ duck: DuckDBProcess) throws -> Turn {
    let answer = try duck.ask(question.duckDB, runs: Self.runs)
    return Turn(
      seconds: answer.milliseconds.reduce(0, +) / 1000,
      cpuSeconds: answer.cpuMilliseconds.reduce(0, +) / 1000)
  }

  /// Exports the rows and has a Python process load them.
  private func load(_ connection: Connection) async throws -> DuckDBProcess {
    var tables: [DuckDBProcess.Table] = []
    for name in RivalLoad.tableNames + ["accounts"] {
      Console.progress("duckdb: export \(name)")
      let table = try await RowExport.table(name, connection)
      try await export.write(table, connection)
      tables.append(
        DuckDBProcess.Table(
          name: name, file: export.path(name), columns: table.columns.map { [$0.name, $0.type] },
          order: Self.order[name] ?? "1"))
    }
    for name in ["duck.db", "duck.db.wal"] { unlink(work.path(name)) }
    Console.progress("duckdb: load")
    return try DuckDBProcess(
      database: work.path("duck.db"), tables: tables, messages: work.path("duckdb.err"))
  }
}
