/// A view that users may read, as `catalog_views` and `catalog_columns` describe it.
package struct PublishedView: Sendable, Equatable {
  /// A column of it.
  package struct Column: Sendable, Equatable {
    /// How values of several rows are aggregated.
    package enum Additive: String, Sendable {
      case sum, min, max
      /// They must not be aggregated; a ratio is the sum of numerators over that of denominators.
      case no
    }

    /// Its name.
    package let name: String
    /// Its type, as the server writes it.
    package let type: String
    /// Its unit: count, amount, ratio, seconds, ms, time, id, text, …
    package let unit: String
    /// Its meaning.
    package let meaning: String
    /// How values of several rows are aggregated.
    package let additive: Additive
    /// The columns of numerator and denominator; nil unless it is a ratio of two columns.
    package let ratio: Ratio?
    /// Whether it holds personal data.
    package let isPersonal: Bool
  }

  /// The numerator and denominator of a ratio.
  package struct Ratio: Sendable, Equatable {
    package let numerator: String
    package let denominator: String
  }

  /// Its name.
  package let name: String
  /// Its family: kpi, backlog, settlement, …
  package let family: String
  /// Its purpose.
  package let purpose: String
  /// Its grain: the meaning of one row.
  package let grain: String
  /// The columns that identify a row; none for a view of one row.
  package let key: [String]
  /// The column of the time axis; nil when it has none.
  package let timeColumn: String?
  /// The SQL condition of a default read, which bounds a large view; nil when the view is small.
  package let defaultFilter: String?
  /// What NULL means in its columns.
  package let nullNote: String
  /// The roles that may read it; admin reads everything.
  package let readers: [String]
  /// The tables whose changes reach it by a refresh; nil when it reads the tables themselves.
  package let follows: String?
  /// Whether a column holds personal data.
  package let isPersonal: Bool
  /// Its columns in order.
  package let columns: [Column]

  /// The columns that may leave the database: those without personal data, numbers that stand for a
  /// person, and all of a view that the role bi reads, where personal data are masked.
  package var openColumns: [Column] {
    columns.filter { !$0.isPersonal || $0.unit == "id" || readers.contains("bi") }
  }
}

/// A KPI, as `kpi_catalog` describes it.
package struct KPI: Sendable, Equatable {
  /// Which direction is better.
  package enum Better: String, Sendable { case higher, lower, neither }

  /// Its name.
  package let name: String
  /// The family of its view.
  package let family: String
  /// Its formula in words.
  package let formula: String
  /// The unit of its value.
  package let unit: String
  /// Which direction is better.
  package let better: Better
  /// The view that holds it.
  package let view: String
  /// The column of its value; nil when the whole view is the KPI.
  package let value: String?
  /// Whether it is one figure of each row; otherwise the rows are what it is about.
  package var isOneColumn: Bool { value != nil && unit != "rows" }
}
