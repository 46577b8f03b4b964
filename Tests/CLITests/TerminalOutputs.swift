import Foundation
import Tabular
import Testing

/// What terminals of several widths show of every verb that prints something.
enum TerminalOutputs {
  private static let widths = [60, 80, 120, 200]

  /// One line is one call; what begins with ~ varies from run to run and is only checked.
  private static let calls = """
    health
    health --at 2030-01-01
    kpi
    kpi success_rate --limit 3
    kpi settlement_sla_compliance
    kpi sla_compliance
    kpi pending_by_location
    kpi kpi_payment_day --limit 2
    kpi kpi_today
    kpi ops_jobs --limit 2
    kpi settlement_sla_day --limit 2 --vertical
    kpi success_rate --limit 2 --columns metric_date,success_rate,total_amount
    kpi success_rate --from 2030-01-01
    ~alerts list --all
    ~alerts show 1
    ~alerts silences --all
    alerts times
    cases list
    cases list --columns case_id,due_at
    cases show 1
    cases precision
    rules list
    rules whatif A27 --set percentile=0.99 --from 2025-12-01 --to 2025-12-31
    risk scores --limit 5
    risk explain 21
    jobs list
    ~jobs list --vertical
    ~jobs history
    jobs next purge_history --count 2
    notify routes
    notify list
    ~audit list --limit 4
    ~audit list --limit 2 --vertical
    ~integrity
    ~privacy list
    monitor
    monitor replay --from 2026-01-10 --to 2026-01-12
    monitor --source live --hours 24 --at 2026-01-15
    ~config
    ~doctor
    kpi --help
    help output
    """

  /// The figures of these pages depend on the width, such as the days for which there is room, or
  /// on the moment.
  private static let ownNumbers = ["health", "monitor --source", "doctor", "help"]

  /// What is wrong with a page for people.
  ///
  /// - Parameters:
  ///   - page: the page
  ///   - whole: the same page where nothing is cut
  ///   - width: the width of the terminal
  static func problems(_ page: String, whole: String, _ width: Int) -> [String] {
    let lines = page.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    var found = lines.filter { $0.displayWidth > width }.map { "wider than \(width): \($0)" }
    found += lines.filter { $0.hasSuffix(" ") }.map { "blanks at the end: '\($0)'" }
    if !page.isEmpty, !page.hasSuffix("\n") { found.append("no line end") }
    func words(_ text: String) -> [String] {
      text.split { $0 == " " || $0 == "\n" }.map(String.init)
    }
    let known = Set(words(whole))
    for word in words(page) {
      let shown = word.hasSuffix("…") ? String(word.dropLast()) : word
      if shown.contains(where: \.isNumber), !known.contains(shown) { found.append("cut: \(word)") }
    }
    return found
  }

  /// Runs every call at every width, checks what is shown, and compares it with the stored pages.
  static func compare(_ target: [String], _ replacements: [String: String]) async throws {
    let lines = calls.split(separator: "\n").map(String.init)
    var wide: [String: ProgramRun] = [:]
    for line in lines {
      wide[line] = try await ProgramRun.payops(
        words(line, target), environment: ["LANG": "C.UTF-8"])
    }
    for width in widths {
      try await transcript(lines, width, wide, target).compare(replacements)
    }
  }

  private static func isHelp(_ line: String) -> Bool { line.contains("help") }

  private static func words(_ line: String, _ target: [String]) -> [String] {
    line.drop { $0 == "~" }.split(separator: " ").map(String.init) + (isHelp(line) ? [] : target)
  }

  /// Runs every call at a width, and checks what is shown.
  private static func transcript(
    _ lines: [String], _ width: Int, _ wide: [String: ProgramRun], _ target: [String]
  ) async throws -> Transcript {
    var transcript = Transcript("terminal-\(width)")
    // Examples of help pages are made for 80 columns.
    for line in lines where width >= 80 || !isHelp(line) {
      let call = String(line.drop { $0 == "~" })
      let run = try await TerminalRun.payops(words(line, target), columns: width)
      let piped = try #require(wide[line])
      #expect(run.status == piped.status, "\(call)")
      // A value that is longer than the line continues on the next one.
      let hasOwn = call.contains("--vertical") || ownNumbers.contains { call.hasPrefix($0) }
      let problems = problems(run.plain, whole: hasOwn ? run.plain : piped.output, width)
      #expect(problems.isEmpty, "\(call) at \(width): \(problems.joined(separator: "\n"))")
      #expect(!piped.output.contains("\u{1B}"), "\(call)")
      if line == call {
        transcript.record(call, output: run.plain, errors: run.errors, status: run.status)
      }
    }
    return transcript
  }

  /// Runs calls at every width and checks what is shown; for pages that a transcript holds already.
  ///
  /// A path is never cut, so a line with one may be wider.
  ///
  /// - Parameters:
  ///   - calls: one call a line
  ///   - names: placeholders in the calls and their values
  ///   - target: further arguments of a call
  static func check(
    _ calls: String, names: [String: String], target: (String) -> [String]
  ) async throws {
    for call in calls.split(separator: "\n").map(String.init) {
      let words = call.split(separator: " ").map { word in
        names.reduce(String(word)) { $0.replacing($1.key, with: $1.value) }
      }
      for width in widths {
        let run = try await TerminalRun.payops(words + target(call), columns: width)
        let page = run.plain.split(separator: "\n", omittingEmptySubsequences: false)
          .filter { !$0.contains("/") }.joined(separator: "\n")
        let problems = problems(page, whole: page, width)
        #expect(problems.isEmpty, "\(call) at \(width): \(problems.joined(separator: "\n"))")
        #expect(!(run.plain + run.errors).isEmpty, "\(call)")
      }
    }
  }

  /// Compares the pages with colours, and expects the same without them.
  static func compareColours(_ target: [String], _ replacements: [String: String]) async throws {
    var transcript = Transcript("terminal-colours")
    for call in ["health", "kpi success_rate --limit 3", "cases list", "jobs list"] {
      let words = call.split(separator: " ").map(String.init) + target
      let colours = try await TerminalRun.payops(words, columns: 80)
      for plain in [
        try await TerminalRun.payops(words + ["--no-color"], columns: 80),
        try await TerminalRun.payops(
          words, columns: 200,
          environment: [
            "NO_COLOR": "1", "COLUMNS": "80",
          ]),
      ] { #expect(plain.screen == colours.plain, "\(call)") }
      #expect(colours.screen != colours.plain, "\(call)")
      transcript.record(
        call, output: colours.screen.replacing("\u{1B}", with: "␛"), errors: colours.errors,
        status: colours.status)
    }
    try transcript.compare(replacements)
  }
}

@Suite("Check of what terminals show")
struct TerminalCheckTests {
  @Test("the check notices lines that are too wide, and dates, ids and amounts that are cut")
  func negativeControl() {
    let whole = "id    at                   amount\n4711  2026-01-15 12:30:45  1,200.50\n"
    #expect(TerminalOutputs.problems(whole, whole: whole, 60).isEmpty)
    for (width, damaged) in [
      (30, whole), (60, whole.replacing("2026-01-15", with: "2026-…")),
      (60, whole.replacing("1,200.50", with: "1,200")), (60, whole.replacing("4711", with: "47…")),
      (60, whole.replacing("amount", with: "amount ")), (60, String(whole.dropLast())),
    ] { #expect(!TerminalOutputs.problems(damaged, whole: whole, width).isEmpty, "\(damaged)") }
  }
}
