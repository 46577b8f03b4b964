import PayopsCore
import Tabular
import Testing

/// Whatever a table holds and however narrow a terminal is: nothing is wider than it, and no date,
/// time, id or amount is shown in part.
@Suite("Width of tables")
struct TableWidthTests {
  /// Numbers that are the same in every run.
  private struct Dice: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = state
      mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return mixed ^ (mixed >> 31)
    }
  }

  private static let words = [
    "payment", "failed", "Zürich", "東京", "12,500.00", "2026-01-15", "12:30:45", "97", "of",
    "A-4711", "due",
  ]

  private static func text(_ dice: inout Dice) -> String {
    (0..<Int.random(in: 0...14, using: &dice)).map { _ in words.randomElement(using: &dice) ?? "" }
      .joined(separator: " ")
  }

  private static func table(_ dice: inout Dice) -> DataTable {
    let columns = (0..<Int.random(in: 1...12, using: &dice)).map { place in
      let name =
        "column_\(place)" + String(repeating: "x", count: .random(in: 0...20, using: &dice))
      switch Int.random(in: 0...4, using: &dice) {
      case 0: return DataTable.Column(name: name, isNumeric: true, role: .key)
      case 1: return DataTable.Column(name: name, role: .text)
      case 2: return DataTable.Column(name: name, role: .minor)
      case 3: return DataTable.Column(name: name, isNumeric: true, measure: .amount("EUR"))
      default: return DataTable.Column(name: name)
      }
    }
    let rows = (0..<Int.random(in: 1...6, using: &dice)).map { _ in
      columns.map { column -> String? in
        if Int.random(in: 0...9, using: &dice) == 0 { return nil }
        switch column.role {
        case .text: return text(&dice)
        case .key: return "\(UInt32.random(in: 0...UInt32.max, using: &dice))"
        case .minor: return "2026-01-15 12:30:\(Int.random(in: 10...59, using: &dice))"
        case .value where column.isNumeric:
          return "\(Int.random(in: -99_999_999...99_999_999, using: &dice)).1250"
        case .value:
          return "id-" + String(UInt64.random(in: 0...UInt64.max, using: &dice), radix: 36)
        }
      }
    }
    return DataTable(columns: columns, rows: rows)
  }

  /// What is wrong with a table as it is printed.
  private static func problems(_ text: String, of table: DataTable, _ width: Int) -> [String] {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    var found = lines.filter { $0.displayWidth > width }.map { "wider than \(width): \($0)" }
    found += lines.filter { $0.hasSuffix(" ") }.map { "blanks at the end: \($0)" }
    let whole = Set(
      TableRenderer().vertical(table).split { $0 == " " || $0 == "\n" }.map(String.init))
    for word in text.split(whereSeparator: { $0 == " " || $0 == "\n" }) {
      let cut = word.hasSuffix("…") ? String(word.dropLast()) : String(word)
      // Part of a name of a place is free text.
      if cut.contains(where: \.isNumber), !cut.contains("column_"), !whole.contains(cut) {
        found.append("cut: \(word)")
      }
    }
    return found
  }

  @Test("random tables fit terminals of any width, and show numbers whole")
  func random() {
    var dice = Dice(state: 7)
    for _ in 0..<400 {
      let table = Self.table(&dice)
      let width = Int.random(in: 30...200, using: &dice)
      let renderer = TableRenderer(width: width)
      let page = renderer.page(table)
      // A first column that does not fit is printed line by line, where long values continue.
      guard page.text.hasPrefix(table.columns[0].measure.heading(table.columns[0].name)),
        !page.leftOut.isEmpty || page.text != renderer.vertical(table)
      else { continue }
      #expect(Self.problems(page.text, of: table, width).isEmpty)
      #expect(page.text.count { $0 == "\n" } == table.rows.count + 1)
    }
  }

  @Test("the check notices a table that is cut without regard to its values")
  func negativeControl() {
    var dice = Dice(state: 7)
    var noticed = 0
    for _ in 0..<50 {
      let table = Self.table(&dice)
      let whole = TableRenderer().render(table)
      let naive = whole.split(separator: "\n").map { line in
        String(line).truncated(toWidth: 40, mark: "…")
      }.joined(separator: "\n")
      if Self.problems(naive, of: table, 40).contains(where: { $0.hasPrefix("cut") }) {
        noticed += 1
      }
      #expect(
        Self.problems(whole, of: table, 40).contains { $0.hasPrefix("wider") }
          == whole.split(separator: "\n").contains { String($0).displayWidth > 40 })
    }
    #expect(noticed > 20, "\(noticed)")
  }

  private let incidents = DataTable(
    columns: [
      .init(name: "id", isNumeric: true), .init(name: "since", role: .key),
      .init(name: "owner", role: .minor), .init(name: "amount", isNumeric: true),
      .init(name: "message", role: .text),
    ],
    rows: [
      ["7", "2026-01-15 12:30:45", "desk", "1200.5", "97 of 120 payments failed since 2026-01-15"]
    ])

  @Test("free text is cut first, then minor columns go, others from the right, keys last")
  func order() {
    func lines(_ width: Int) -> [String] {
      TableRenderer(width: width).render(incidents).split(separator: "\n").map(String.init)
    }
    #expect(
      lines(80)[1] == " 7  2026-01-15 12:30:45  desk   1200.5  97 of 120 payments failed since…")
    #expect(lines(56)[1] == " 7  2026-01-15 12:30:45  desk   1200.5  97 of 120 payme…")
    #expect(TableRenderer(width: 50).page(incidents).leftOut == ["owner"])
    #expect(TableRenderer(width: 40).page(incidents).leftOut == ["message"])
    #expect(TableRenderer(width: 24).page(incidents).leftOut == ["owner", "amount", "message"])
    #expect(
      TableRenderer(width: 10).page(incidents).leftOut
        == ["since", "owner", "message"])
  }

  @Test("a table whose first column does not fit is printed line by line, and cuts nothing")
  func tooNarrow() {
    let table = DataTable(
      columns: [.init(name: "hash"), .init(name: "at")],
      rows: [["0123456789abcdef0123456789abcdef", "2026-01-15"]])
    #expect(
      TableRenderer(width: 20).render(table) == """
        hash  0123456789abcd
              ef0123456789ab
              cdef
        at    2026-01-15

        """)
  }

  @Test("one value per line: names aligned, rows apart, and long values continued")
  func vertical() {
    let table = DataTable(
      columns: [.init(name: "id"), .init(name: "share", isNumeric: true, measure: .ratio)],
      rows: [["1", "0.973"], ["2", nil]])
    #expect(
      TableRenderer().vertical(table) == """
        id     1
        share  97.30 %

        id     2
        share  –

        """)
  }

  @Test("columns are chosen by name, in the order asked for")
  func choice() throws {
    var choice = TableChoice()
    choice.columns = ["amount", "id"]
    #expect(try choice.selected(incidents).rows == [["1200.5", "7"]])
    choice.columns = ["amont"]
    #expect(throws: (any Error).self) { try choice.selected(incidents) }
    do {
      _ = try choice.selected(incidents)
    } catch {
      #expect(error.message == "there is no column 'amont'")
      #expect(error.hint == "the columns are id, since, owner, amount, message")
    }
  }

  @Test("free text is never cut inside a number, date or time")
  func cut() {
    #expect("due 2026-01-15 12:30".cut(toWidth: 12, mark: "…") == "due…")
    #expect("due 2026-01-15 12:30".cut(toWidth: 15, mark: "…") == "due 2026-01-15…")
    #expect("took 12,500.00 EUR".cut(toWidth: 10, mark: "…") == "took…")
    #expect("payments".cut(toWidth: 5, mark: "…") == "paym…")
    #expect("fits".cut(toWidth: 4, mark: "…") == "fits")
  }

  @Test("values are shown by what they measure, amounts by their digits")
  func measures() {
    func shown(_ measure: Measure, _ value: String) -> String {
      measure.shown(value) { _ in "ratio" }
    }
    #expect(shown(.ratio, "0.973") == "97.30 %")
    #expect(shown(.points, "2.3") == "+2.30 points")
    #expect(shown(.count, "1234567") == "1,234,567")
    #expect(shown(.amount("EUR"), "99999999999999.9950") == "100,000,000,000,000.00")
    #expect(shown(.amount(nil), "-0.0040") == "0.00")
    #expect(shown(.amount(nil), "-1234.5") == "-1,234.50")
    #expect(shown(.amount(nil), "n/a") == "n/a")
    #expect(shown(.named(by: "unit", currency: nil), "0.5") == "50.00 %")
    #expect(Measure.amount("EUR").heading("open_amount") == "open_amount, EUR")
    #expect(Measure.unit("s").heading("age") == "age, s")
  }

  @Test("a note says which columns are left out, the first eight by name")
  func note() {
    #expect(
      Omissions.note(["a"]) == "1 column is left out (a): --wide shows it, --columns a,b chooses,"
        + " --vertical prints one per line")
    #expect(Omissions.note((1...9).map { "c\($0)" }).contains("9 columns are left out (c1, c2, "))
    #expect(Omissions.note((1...9).map { "c\($0)" }).contains("c8, ...)"))
  }
}
