internal import Synchronization

/// The columns that tables of a page left out, to be named in one note below it.
package final class Omissions: Sendable {
  private let names = Mutex<[String]>([])

  /// Starts with none.
  package init() {}

  /// Adds columns; one that is known already is not added again.
  package func add(_ more: [String]) {
    names.withLock { names in
      for name in more where !names.contains(name) { names.append(name) }
    }
  }

  /// The columns, which are forgotten.
  package func take() -> [String] {
    names.withLock { names in
      defer { names = [] }
      return names
    }
  }

  /// The most columns that a note names.
  private static let named = 8

  /// Says which columns are left out, and what shows them.
  package static func note(_ columns: [String]) -> String {
    let isOne = columns.count == 1
    var text = "\(columns.count) \(isOne ? "column is" : "columns are") left out ("
    text += columns.prefix(named).joined(separator: ", ")
    if columns.count > named { text += ", ..." }
    return text + "): --wide shows \(isOne ? "it" : "them"), --columns a,b chooses,"
      + " --vertical prints one per line"
  }
}
