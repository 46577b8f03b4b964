/// Which columns of a table fit a page, and how wide each is.
///
/// Free text is cut first; then whole columns are left out: the minor ones from the right, then
/// values and texts from the right, then keys. What then still finds room is shown. The first
/// column always stays.
package struct TableLayout: Sendable, Equatable {
  /// Blanks between two columns.
  package static let gap = 2

  /// The places of the columns shown, in order.
  package let shown: [Int]
  /// Their widths.
  package let widths: [Int]
  /// Whether even the first column is wider than the page.
  package let isTooNarrow: Bool

  /// Lays a table out.
  ///
  /// - Parameters:
  ///   - headings: the widths of the headings
  ///   - cells: the widest value of each column
  ///   - roles: what may be done to each column
  ///   - width: columns of the page; nil for as many as the table needs
  package init(
    headings: [Int], cells: [Int], roles: [DataTable.Column.Role], width: Int?
  ) {
    let natural = zip(headings, cells).map { max($0, $1) }
    let least = natural.indices.map { place in
      if case .text(let least) = roles[place] {
        return max(headings[place], min(natural[place], least))
      }
      return natural[place]
    }
    var shown = Array(natural.indices)
    guard let width else {
      self.shown = shown
      widths = natural
      isTooNarrow = false
      return
    }
    func fits(_ places: [Int]) -> Bool {
      places.reduce(Self.gap * max(0, places.count - 1), { $0 + least[$1] }) <= width
    }
    var dropped: [Int] = []
    while shown.count > 1, !fits(shown) {
      dropped.append(Self.leastImportant(shown, roles))
      shown.removeAll { $0 == dropped.last }
    }
    // A narrow column may find room where a wide one did not.
    for place in dropped.reversed() where fits(shown + [place]) { shown.append(place) }
    shown.sort()
    let gaps = Self.gap * max(0, shown.count - 1)
    var widths = shown.map { natural[$0] }
    while widths.reduce(gaps, +) > width {
      // The widest text is cut first, so that short ones stay whole.
      let texts = widths.indices.filter { widths[$0] > least[shown[$0]] }
      guard let widest = texts.max(by: { widths[$0] < widths[$1] }) else { break }
      widths[widest] -= 1
    }
    self.shown = shown
    self.widths = widths
    isTooNarrow = widths.reduce(gaps, +) > width
  }

  /// The column that is left out next; never the first one.
  private static func leastImportant(_ shown: [Int], _ roles: [DataTable.Column.Role]) -> Int {
    func last(_ isMeant: (DataTable.Column.Role) -> Bool) -> Int? {
      shown.dropFirst().last { isMeant(roles[$0]) }
    }
    return last { $0 == .minor } ?? last { $0 != .key } ?? shown[shown.count - 1]
  }
}
