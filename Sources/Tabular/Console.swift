internal import Foundation
internal import PayopsCore

/// Where results (standard output) and notes (standard error) go, and how they look.
package struct Console: Sendable {
  /// Whether results and errors are printed as JSON.
  package var isJSON = false
  /// Whether notes and progress are left out.
  package var isQuiet = false
  /// The columns of the terminal; nil when standard output is not a terminal: nothing is cut then.
  package var width: Int?
  /// The columns of the terminal of standard error, at which notes are broken; nil without one.
  package var noteWidth: Int?
  /// What is asked of tables.
  package var choice = TableChoice()
  /// The columns that were left out of what has been laid out and not been written yet.
  private let omissions = Omissions()
  /// Whether the locale can show characters beyond ASCII.
  package var isUnicode = true
  /// The colours of standard output.
  package var style = Style(isOn: false)
  /// The colours of standard error.
  package var noteStyle = Style(isOn: false)
  /// Whether standard error is a terminal, so that progress may be drawn.
  package var showsProgress = false

  /// Makes the console of this process.
  ///
  /// - Parameters:
  ///   - environment: the environment, for NO_COLOR, TERM, COLUMNS and the locale
  ///   - isJSON: whether results and errors are printed as JSON
  ///   - isQuiet: whether notes and progress are left out
  ///   - mayColor: whether colours are allowed
  package init(environment: [String: String], isJSON: Bool, isQuiet: Bool, mayColor: Bool) {
    let isDumb = environment["TERM"] == "dumb"
    let hasColor = mayColor && !isJSON && !isDumb && (environment["NO_COLOR"] ?? "").isEmpty
    let isTerminal = isatty(STDOUT_FILENO) == 1
    let isErrorTerminal = isatty(STDERR_FILENO) == 1
    self.isJSON = isJSON
    self.isQuiet = isQuiet
    isUnicode = Self.isUnicode(environment)
    style = Style(isOn: isTerminal && hasColor)
    noteStyle = Style(isOn: isErrorTerminal && hasColor)
    showsProgress = isErrorTerminal && !isQuiet && !isDumb
    width = isTerminal ? Self.terminalWidth(environment, STDOUT_FILENO) : nil
    noteWidth = isErrorTerminal ? Self.terminalWidth(environment, STDERR_FILENO) : nil
  }

  /// Tells whether a locale can show characters beyond ASCII.
  ///
  /// - Parameter environment: the environment; the first of LC_ALL, LC_CTYPE, LANG that is set counts
  /// - Returns: whether its character set is UTF-8
  package static func isUnicode(_ environment: [String: String]) -> Bool {
    let locale =
      ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
    guard let locale = locale?.lowercased() else { return false }
    return locale.contains("utf-8") || locale.contains("utf8")
  }

  private static func terminalWidth(_ environment: [String: String], _ descriptor: Int32) -> Int {
    if let given = environment["COLUMNS"].flatMap({ Int($0) }), given > 0 { return given }
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// How pages are laid out; texts are filled to 80 columns where there is no terminal.
  package var layout: PageLayout {
    var layout = PageLayout(width: width ?? 80, isUnicode: isUnicode, style: style)
    layout.isWide = width == nil || choice.isWide
    layout.omissions = omissions
    return layout
  }

  /// Writes a result to standard output.
  ///
  /// - Parameter text: the text with its line ends
  /// - Throws: ``BrokenPipe`` when nobody reads any more, a failure when it cannot be written
  package func write(_ text: String) throws {
    try Self.write(text, to: STDOUT_FILENO)
  }

  /// Writes a note to standard error, unless notes are left out.
  ///
  /// - Parameter text: one line without its line end
  package func note(_ text: String) {
    guard !isQuiet else { return }
    let lines = noteWidth.map { text.filled(indent: 0, width: $0) } ?? text + "\n"
    try? Self.write(lines, to: STDERR_FILENO)
  }

  /// Writes notes, each on a line of its own.
  package func note(_ texts: [String]) { for text in texts { note(text) } }

  /// A table for people: as wide as the terminal allows, unless another form is chosen.
  package func text(_ table: DataTable) -> String {
    guard choice.isVertical else { return layout.render(table) }
    return TableRenderer(width: width, isUnicode: isUnicode, style: style).vertical(table)
  }

  /// Writes a table to standard output in the form asked for.
  ///
  /// - Parameters:
  ///   - table: the table
  ///   - format: the form; nil for a table, or JSON with `--json`
  ///   - empty: why there may be no rows, in place of a heading without rows
  /// - Throws: ``Fault`` for a column that the table does not have
  package func write(
    _ table: DataTable, as format: OutputFormat? = nil, empty: String? = nil
  ) throws {
    let table = try choice.selected(table)
    switch format ?? (isJSON ? .json : .table) {
    case .table where table.rows.isEmpty: note(empty ?? "no rows")
    case .table:
      try write(text(table))
      noteOmissions()
    case .csv: try write(CSVRenderer.render(table))
    case .json: try write(JSON.rows(of: table).lines)
    case .ndjson: try write(JSON.recordLines(of: table))
    }
  }

  /// Says which columns were left out of what was written.
  package func noteOmissions() {
    let columns = omissions.take()
    if !columns.isEmpty { note(Omissions.note(columns)) }
  }

  /// A text whose lines are broken at the width of the terminal; unchanged where there is none.
  ///
  /// - Parameters:
  ///   - text: lines, each with its line end; what stands before a run of blanks is a label
  ///   - indent: blanks before what continues a line without a label
  package func wrapped(_ text: String, indent: Int = 2) -> String {
    guard let width else { return text }
    return text.split(separator: "\n").map { line in
      let line = String(line)
      guard line.displayWidth > width else { return line + "\n" }
      guard let blanks = line.ranges(of: /[ ][ ]+/).last, blanks.lowerBound > line.startIndex else {
        return line.filled(indent: indent, width: width)
      }
      let label = String(line[..<blanks.upperBound])
      return label
        + String(line[blanks.upperBound...]).filled(indent: label.displayWidth, width: width)
    }.joined()
  }

  /// Writes to a file descriptor until all is written.
  package static func write(_ text: String, to descriptor: Int32) throws {
    var text = text
    try text.withUTF8 { bytes in
      var rest = UnsafeRawBufferPointer(bytes)
      while !rest.isEmpty {
        let written = Foundation.write(descriptor, rest.baseAddress, rest.count)
        if written > 0 {
          rest = UnsafeRawBufferPointer(rebasing: rest[written...])
        } else if errno == EPIPE {
          throw BrokenPipe()
        } else if errno != EINTR && errno != EAGAIN {
          throw Fault(
            .cannotCreate, "cannot write to standard output: \(String(cString: strerror(errno)))")
        }
      }
    }
  }
}

/// The reader of the output has gone away; the program ends without a word.
package struct BrokenPipe: Error {}

extension ProgressBar {
  /// Makes a bar on standard error, which is drawn where that is a terminal.
  package convenience init(
    _ label: String, unit: String = "rows", total: Int? = nil, console: Console,
    now: @escaping @Sendable () -> ContinuousClock.Instant = { .now },
    draw: @escaping @Sendable (String) -> Void = { try? Console.write($0, to: 2) }
  ) {
    self.init(
      label, unit: unit, total: total, isShown: console.showsProgress,
      isUnicode: console.isUnicode, now: now, draw: draw)
  }
}
