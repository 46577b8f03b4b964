import Tabular
import Testing

@Suite("Tables, CSV and JSON")
struct TabularTests {
  private let table = DataTable(
    columns: [
      .init(name: "location"), .init(name: "amount", isNumeric: true), .init(name: "note"),
    ],
    rows: [["Zürich", "1234.50", nil], ["東京", "-0.0010", "=1+1"], ["a,b\"c", nil, ""]])

  @Test("a table is aligned, numbers to the right, wide characters counted as two columns")
  func aligned() {
    #expect(
      TableRenderer().render(table) == """
        location   amount  note
        Zürich    1234.50  –
        東京      -0.0010  =1+1
        a,b"c           –

        """)
  }

  @Test("the widest text column is cut so that the table fits, never a number")
  func cut() {
    let wide = DataTable(
      columns: [
        .init(name: "id", isNumeric: true), .init(name: "long", role: .text), .init(name: "short"),
      ],
      rows: [["12345678", String(repeating: "日本", count: 40), "fits"]])
    for width in [40, 80] {
      let lines = TableRenderer(width: width).render(wide).split(separator: "\n")
      #expect(lines.allSatisfy { String($0).displayWidth <= width })
      #expect(lines[1].contains("12345678") && lines[1].contains("…") && lines[1].contains("fits"))
    }
    #expect(!TableRenderer(width: nil).render(wide).contains("…"))
    let ascii = TableRenderer(width: 40, isUnicode: false).render(wide)
    #expect(ascii.contains("~") && !ascii.contains("…"))
  }

  @Test("control characters, which a terminal might obey, are spelt out")
  func controls() {
    let hostile = DataTable(
      columns: [.init(name: "x")], rows: [["a\u{1B}[2Jb\nc\u{9B}31m\u{202E}"]])
    let text = TableRenderer().render(hostile)
    #expect(text.hasPrefix("x\na\\u{1b}[2Jb\\nc\\u{9b}31m"))
  }

  @Test("the display width of characters is right")
  func widths() {
    #expect("abc".displayWidth == 3)
    #expect("日本".displayWidth == 4)
    #expect("e\u{301}".displayWidth == 1)
    #expect("\u{200B}".displayWidth == 0)
    #expect("👩‍👩‍👧".displayWidth == 2)
    #expect("…–▁█".displayWidth == 4)
    #expect("日本語".truncated(toWidth: 4, mark: "…") == "日…")
    #expect("日本語".truncated(toWidth: 6, mark: "…") == "日本語")
  }

  @Test("CSV follows RFC 4180, with empty text distinct from NULL and formulas neutralised")
  func csv() {
    #expect(
      CSVRenderer.render(table)
        == "location,amount,note\r\nZürich,1234.50,\r\n東京,-0.0010,'=1+1\r\n\"a,b\"\"c\",,\"\"\r\n")
  }

  @Test("NDJSON is one object per line, and nothing without rows")
  func ndjson() {
    #expect(
      JSON.recordLines(of: table) == """
        {"location":"Zürich","amount":1234.50,"note":null}
        {"location":"東京","amount":-0.0010,"note":"=1+1"}
        {"location":"a,b\\"c","amount":null,"note":""}

        """)
    #expect(JSON.recordLines(of: DataTable(columns: table.columns, rows: [])) == "")
  }

  @Test(
    "text that a spreadsheet takes for a formula is neutralised",
    arguments: [
      ("=1", "'=1"), ("+1", "'+1"), ("-1", "'-1"), ("@a", "'@a"), ("\ta", "'\ta"),
      ("  =1", "'  =1"), ("a=1", "a=1"), ("", "\"\""), ("a\n=1", "\"a\n'=1\""),
      ("\rx", "\"'\rx\""), ("-", "'-"), ("a\r\n @x", "\"a\r\n' @x\""),
    ])
  func formulas(text: String, field: String) {
    #expect(CSVRenderer.field(text, isNumeric: false) == field)
  }

  @Test("numbers stay unchanged in CSV, but not text in a column that claims to be numeric")
  func numbers() {
    #expect(CSVRenderer.field("-1.50", isNumeric: true) == "-1.50")
    #expect(CSVRenderer.field("-cmd", isNumeric: true) == "'-cmd")
  }

  @Test("JSON has the order of the columns and the digits of the database")
  func json() {
    #expect(
      JSON.rows(of: table).lines == """
        [
          {"location":"Zürich","amount":1234.50,"note":null},
          {"location":"東京","amount":-0.0010,"note":"=1+1"},
          {"location":"a,b\\"c","amount":null,"note":""}
        ]

        """)
    #expect(JSON.array([]).lines == "[]\n")
    #expect(
      JSON.string("\u{0}\u{1F}\u{7F}\u{2028}/\\").compact == "\"\\u0000\\u001f\\u007f\\u2028/\\\\\""
    )
  }

  @Test("a value that is not a JSON number becomes a string")
  func jsonNumbers() {
    for text in ["0", "-0", "10.50", "1e5", "2E-3", "99999999999999999999.9999"] {
      #expect(JSON.number(text).compact == text)
    }
    for text in ["", "-", "007", ".5", "1.", "+1", "NaN", "inf", "1e", "0x1", "1 ", "٣"] {
      #expect(JSON.number(text).compact == "\"\(text)\"")
    }
  }

  @Test("sparklines are drawn between the extremes, in ASCII without Unicode")
  func sparkline() {
    #expect(Sparkline.draw([0, 1, 2, 3, 4, 5, 6, 7]) == "▁▂▃▄▅▆▇█")
    #expect(Sparkline.draw([0, nil, 7, .nan], isUnicode: false) == "_ # ")
    #expect(Sparkline.draw([5, 5]) == "▁▁")
    #expect(Sparkline.draw([]) == "")
    #expect(Sparkline.draw([nil, nil]) == "  ")
    #expect(Sparkline.draw([-.greatestFiniteMagnitude, .greatestFiniteMagnitude]) == "▁█")
  }

  @Test("escape sequences are written only when colours are on")
  func style() {
    #expect(Style(isOn: false).red("x") == "x")
    #expect(Style(isOn: true).red("x") == "\u{1B}[31mx\u{1B}[0m")
    #expect(Style(isOn: true).bold("") == "")
  }
}
