import Foundation

/// `docs/performance.md`: the text of `docs/performance/page.md` around the results that are kept
/// beside it.
struct PerformancePage {
  private static let notice =
    "<!-- Made from docs/performance/ by `payops-bench --page docs`: do not edit. -->\n"

  /// The results, the newest first.
  let results: [KeptResult]
  /// The text with the lines `{{results}}` and `{{history}}`.
  let template: String

  /// Reads text and results below a folder of documents.
  init(documents: URL) throws {
    let folder = documents.appending(path: "performance")
    results = try KeptResult.all(in: folder)
    template = try String(contentsOf: folder.appending(path: "page.md"), encoding: .utf8)
  }

  /// Wraps results and a text.
  init(results: [KeptResult], template: String) {
    self.results = results
    self.template = template
  }

  /// The whole page.
  var text: String {
    Self.notice
      + template.replacingOccurrences(of: "{{results}}\n", with: newest)
      .replacingOccurrences(of: "{{history}}\n", with: history)
  }

  private var newest: String {
    // The full benchmark says more than the short form: the newest of the largest size counts.
    guard
      let result = results.max(by: {
        ($0.run.sizes.max() ?? 0, $0.run.startedAt) < ($1.run.sizes.max() ?? 0, $1.run.startedAt)
      })
    else { return "No result is kept yet.\n" }
    var parts = [heading(result), targets(result)]
    parts += [contests(result), duckdb(result), views(result)].compactMap { $0 }
    return parts.joined(separator: "\n")
  }

  private func heading(_ result: KeptResult) -> String {
    let speeds = result.machineSpeedMs.map(\.ms)
    let sizes = result.run.sizes.map(Figure.size).joined(separator: ", ")
    return """
      Run of \(result.run.startedAt), \(result.run.payops), commit `\(result.run.commit)`,
      \(sizes) payments. Machine: \(result.machine.cpu), \(result.machine.cores) cores,
      \(result.machine.memoryBytes >> 30) GiB; server \(result.server["version"] ?? "unknown"). The same small
      computation took \(Figure.short(speeds.min() ?? 0)) to \(Figure.short(speeds.max() ?? 0)) ms in the course of the run.
      \(result.failures.isEmpty ? "No answer and no rollup was wrong." : "WRONG: " + result.failures.joined(separator: "; "))

      """
  }

  private func targets(_ result: KeptResult) -> String {
    Self.table(
      ["figure", "goal", "found", ""],
      result.targets.map { [$0.name, $0.goal, $0.value, $0.holds ? "holds" : "misses"] })
  }

  private func contests(_ result: KeptResult) -> String? {
    let order = ["fill", "refresh", "backup"]
    let keys = order + result.contests.keys.filter { !order.contains($0) }.sorted()
    let rows = keys.flatMap { result.contests[$0] ?? [] }.map { contest in
      [
        contest.name, Self.seconds(contest.seconds.median),
        contest.rivalSeconds.map { Self.seconds($0.median) } ?? "",
        contest.ratio.map { Self.range($0) } ?? "", contest.cpuRatio.map { Self.range($0) } ?? "",
        Figure.short(contest.cpuUsPerUnit.median) + " us/" + contest.unit,
        contest.rivalCpuUsPerUnit.map { Figure.short($0.median) } ?? "",
        Self.range(contest.control) + (contest.believable ? "" : " (not believable)"),
      ]
    }
    guard !rows.isEmpty else { return nil }
    return """
      In turns; a ratio is rival / product of one round, above 1 the product is faster or needs
      less. Medians, smallest and largest in brackets; the control is the product against itself.


      """
        + Self.table(
          ["what", "s", "rival s", "ratio", "ratio of CPU", "CPU", "rival's", "control"], rows)
  }

  private func duckdb(_ result: KeptResult) -> String? {
    guard let duckdb = result.duckdb else { return nil }
    return """
      Against DuckDB \(duckdb.version), each question in turns:


      """
        + Self.table(
          ["question", "ms", "DuckDB ms", "ratio", "ratio of CPU", "control"],
          duckdb.questions.map { item in
            let contest = item.contest
            let units = Double(contest.units)
            return [
              item.question, Figure.short(contest.seconds.median * 1000 / units),
              contest.rivalSeconds.map { Figure.short($0.median * 1000 / units) } ?? "",
              contest.ratio.map { Self.range($0) } ?? "",
              contest.cpuRatio.map { Self.range($0) } ?? "", Self.range(contest.control),
            ]
          })
  }

  private func views(_ result: KeptResult) -> String? {
    guard let views = result.views?.views else { return nil }
    let slow = views.filter { !$0.holds }.sorted { $0.ms.p95 > $1.ms.p95 }
    guard !slow.isEmpty else { return nil }
    return """
      Published views that are not within 20 ms at p95:


      """
        + Self.table(
          ["view", "rows", "p50 ms", "p95 ms"],
          slow.map {
            [$0.view, Figure.count($0.rows), Figure.short($0.ms.p50), Figure.short($0.ms.p95)]
          })
  }

  /// One column for each contest with a rival, one row for each run.
  private var history: String {
    var names: [String] = []
    for contest in results.flatMap({ $0.contests.values.flatMap { $0 } }).sorted(by: {
      $0.name < $1.name
    }) where contest.rival != nil && !names.contains(contest.name) {
      names.append(contest.name)
    }
    guard !names.isEmpty else { return "" }
    return Self.table(
      ["contest"] + results.map { "\($0.run.startedAt.prefix(8)) `\($0.run.commit.prefix(8))`" },
      names.map { name in
        [name]
          + results.map { result in
            let found = result.contests.values.flatMap { $0 }.first { $0.name == name }
            return found?.ratio.map { Self.range($0) } ?? ""
          }
      })
  }

  private static func seconds(_ value: Double) -> String { Figure.short(value) }

  private static func range(_ figure: KeptResult.Figure) -> String {
    let decimals = figure.median < 10 ? 2 : figure.median < 100 ? 1 : 0
    return "\(Figure.fixed(figure.median, decimals))"
      + " (\(Figure.fixed(figure.low, decimals))–\(Figure.fixed(figure.high, decimals)))"
  }

  private static func table(_ header: [String], _ rows: [[String]]) -> String {
    func line(_ cells: [String]) -> String {
      "| " + cells.joined(separator: " | ") + " |\n"
    }
    return line(header) + "|" + String(repeating: "---|", count: header.count) + "\n"
      + rows.map(line).joined()
  }
}
