internal import Catalogue
package import Charts
internal import MariaDBClient

/// Rows of a published view, and how they are shown.
package struct PageBlock: Sendable {
  /// How the rows are shown.
  package enum Form: String, Sendable {
    case tiles, facts, table, bars, stack, bullets, heatmap, ribbon, histogram, map, network
    case calendar, lifeline, cards, series, columns, timeline, ladder
  }

  /// How much of the width of the page a block has.
  package enum Span: String, Sendable {
    case third, half, wide, full
  }

  /// What a column is compared with.
  enum Bound: Sendable {
    case text(String)
    case number(Int64)
    /// The value of a parameter of the page; without one the condition falls away.
    case parameter(String)
    /// So many hours before the instant of the page.
    case hoursAgo(Int)
    /// As many hours before as the parameter says: `24h`; `all` lets the condition fall away.
    case window(String)
    /// The begin of the day of the instant, so many days before.
    case daysAgo(Int)
    /// The values of a parameter, separated by commas: the column has one of them.
    case list(String)
    /// As many hours after the time of one parameter as another one says.
    case after(String, hours: String)
    /// The end of the minute that is as many seconds old as the parameter says.
    case minuteAgo(String)
    /// The first day of the month that the parameter says: `this_month` or `last_month`.
    case monthBegin(String)
    /// The first day after that month.
    case monthEnd(String)
    /// The values of a column of a block before, so many different ones at most; without any there
    /// is nothing to read.
    case valuesOf(block: String, column: String, most: Int)
  }

  /// A condition; all must hold.
  struct Condition: Sendable {
    let column: String
    let comparison: ViewQuery.Comparison
    let bound: Bound

    init(_ column: String, _ comparison: ViewQuery.Comparison, _ bound: Bound) {
      self.column = column
      self.comparison = comparison
      self.bound = bound
    }
  }

  /// Something that the viewer may do with a row.
  package struct Action: Sendable {
    /// What the button says.
    package let label: String
    /// Path of the API with columns of the row in braces.
    package let path: String
    /// Members of the body that the viewer fills in.
    package var fields: [String] = []
    /// The scope that it takes.
    package let scope: String
  }

  /// Its name on the page.
  package let name: String
  package let title: String
  package let form: Form
  /// The published view.
  package let view: String
  /// Its columns; all that hold no personal data when empty.
  let columns: [String]
  var conditions: [Condition] = []
  /// A column and the only values that it may have.
  var oneOf: (column: String, values: [String])?
  /// The order; the time axis and key of the view when empty.
  var order: [(name: String, isDescending: Bool)] = []
  /// The most rows.
  var limit = 100
  /// How much of the width it has; nil for what is usual for its form.
  package var span: Span?
  /// Which column plays which part in the form.
  package var options: [String: String] = [:]
  /// Columns that are there for links and actions alone.
  package var hidden: [String] = []
  /// Addresses that cells lead to, with columns of the row in braces.
  var links: [String: String] = [:]
  package var actions: [Action] = []
  /// What to say when there are no rows.
  var empty = "nothing"
  /// A parameter without which there is nothing to read, and what to say then.
  var needs: (parameter: String, text: String)?
  /// Draws the rows.
  package var draw: (@Sendable (PageTable) -> any Chart)?
  /// Draws the rows together with those of other blocks of the page.
  package var drawTogether: (@Sendable (PageTable, PageTables) -> any Chart)?
  /// Another block with a row for each day, and the column there that shows how a row of this one
  /// came about, by the value of this block's label.
  package var sparks: (block: String, columns: [String: String])?

  init(
    _ name: String, _ title: String, _ form: Form, of view: String, _ columns: [String] = []
  ) {
    self.name = name
    self.title = title
    self.form = form
    self.view = view
    self.columns = columns
  }

  /// The options by name.
  package var sortedOptions: [(String, String)] { options.sorted { $0.key < $1.key } }

  /// The links by column.
  package var sortedLinks: [(String, String)] { links.sorted { $0.key < $1.key } }

  /// What to say when there are no rows for these values of the parameters.
  package func emptyText(_ values: [String: String]) -> String {
    if let needs, (values[needs.parameter] ?? "").isEmpty { return needs.text }
    return empty
  }

  /// Its drawing; nil for a block that has none.
  package func chart(_ table: PageTable, _ tables: PageTables) -> (any Chart)? {
    drawTogether?(table, tables) ?? draw?(table)
  }

  /// Widths of its drawings beside those for a phone and for half a page: a wide screen has three or
  /// four smaller blocks in a row, or two of more width.
  package var drawingWidths: [Int] {
    // Its outlines are most of the weight of a page, and look the same at any size.
    if form == .map { return [] }
    let isFull = [.ribbon, .lifeline, .timeline, .ladder].contains(form)
    switch span ?? (isFull ? .full : .half) {
    case .full: return [1_240, 1_860]
    case .wide: return [860, 1_240]
    case .half: return [460, 860]
    case .third: return [460]
    }
  }

  /// The block with changes.
  func with(_ change: (inout PageBlock) -> Void) -> PageBlock {
    var copy = self
    change(&copy)
    return copy
  }
}
