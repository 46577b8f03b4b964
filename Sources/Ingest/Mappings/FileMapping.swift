/// How one kind of file becomes rows of one target.
package struct FileMapping: Sendable, Equatable, Codable {
  /// What to do with further records of a natural key in the same file.
  package enum RepeatedKeys: String, Sendable, Codable {
    /// Equal ones are duplicates, different ones are quarantined.
    case refuse
    /// Each is a payment of its own: the nth record of a key gets the key with `#n`.
    case separate
  }

  /// How amounts are written.
  package enum AmountUnit: String, Sendable, Codable {
    /// Units of the currency, with decimals.
    case major
    /// The smallest coin of the currency: cents, fils, or whole yen.
    case minor
  }

  /// How to create unknown accounts that payments name.
  package struct NewAccounts: Sendable, Equatable, Codable {
    /// Currency of the new accounts.
    package var currency: String
    /// Country of the new customers, ISO 3166 alpha-2; `ZZ` for unknown.
    package var country: String
  }

  /// The table to fill.
  package var target: ImportTarget
  /// The byte between fields: one ASCII character; a comma when absent.
  package var delimiter: String?
  /// The quote: one ASCII character, or empty for none; a double quote when absent.
  package var quote: String?
  /// The longest record, bytes; 1 MiB when absent.
  package var maximumRecordBytes: Int?
  /// Time zone of times without an offset (IANA name); UTC when absent.
  package var timeZone: String?
  /// Texts that mean NULL; the empty text when absent.
  package var nullWords: [String]?
  /// The mapping in table `status_mappings` that translates statuses.
  package var stateMapping: String?
  /// Statuses and the states they map onto; they come before `stateMapping`.
  package var states: [String: String]?
  /// Columns of the file that identify a record.
  package var naturalKey: [String]?
  /// What to do with further records of a key; `refuse` when absent.
  package var repeatedKeys: RepeatedKeys?
  /// How amounts are written; `major` when absent.
  package var amountUnit: AmountUnit?
  /// The byte between units and decimals; a point when absent.
  package var decimalSeparator: String?
  /// The byte between groups of thousands; none when absent.
  package var groupSeparator: String?
  /// How to create unknown accounts; when absent, their records are quarantined.
  package var newAccounts: NewAccounts?
  /// Source whose references for payments and customers settlements and logins use; their own when
  /// absent.
  package var referenceSource: String?
  /// The columns.
  package var columns: [ColumnMapping]
  /// Values that every row gets, by target column.
  package var constants: [String: String]?
  /// Columns of the file that are ignored on purpose.
  package var ignored: [String]?

  /// The columns that the file must have.
  package var requiredHeaders: [String] {
    var seen: Set<String> = []
    return (columns.filter { $0.isOptional != true }.map(\.from) + (naturalKey ?? []))
      .filter { seen.insert($0).inserted }
  }

  /// How records are written.
  package var format: CSVFormat {
    CSVFormat(
      delimiter: delimiter?.utf8.first ?? UInt8(ascii: ","),
      quote: quote.map { $0.utf8.first } ?? UInt8(ascii: "\""),
      maximumRecordBytes: maximumRecordBytes ?? 1 << 20)
  }

  func check(label: String) throws(ImportError) {
    func fail(_ what: String) -> ImportError {
      ImportError(.badMapping, "mapping \(label), target \(target.rawValue): \(what)")
    }
    for (text, what) in [
      (delimiter ?? ",", "delimiter"), (decimalSeparator ?? ".", "decimalSeparator"),
    ] {
      guard text.utf8.count == 1, let byte = text.utf8.first, byte < 0x80, byte != 0x0a,
        byte != 0x0d
      else { throw fail("\(what) must be one ASCII character") }
    }
    guard (quote ?? "").utf8.count <= 1, (groupSeparator ?? "").utf8.count <= 1 else {
      throw fail("quote and groupSeparator must be one ASCII character or empty")
    }
    guard quote != delimiter || quote == nil else { throw fail("quote and delimiter are the same") }
    guard (1024...(64 << 20)).contains(format.maximumRecordBytes) else {
      throw fail("maximumRecordBytes must be from 1 KiB to 64 MiB")
    }
    let known = Dictionary(uniqueKeysWithValues: target.columns.map { ($0.name, $0) })
    var filled: Set<String> = []
    for name in columns.map(\.to) + (constants ?? [:]).keys.sorted() {
      guard known[name] != nil else { throw fail("there is no column \(name)") }
      guard filled.insert(name).inserted else { throw fail("column \(name) is filled twice") }
    }
    for column in target.columns where column.isRequired && !filled.contains(column.name) {
      throw fail("column \(column.name) is not filled")
    }
    for group in target.alternatives where group.count(where: filled.contains) != 1 {
      throw fail("fill exactly one of the columns \(group.joined(separator: ", "))")
    }
    let hasKey = !(naturalKey ?? []).isEmpty
    guard hasKey == target.needsNaturalKey else {
      throw fail(hasKey ? "the target has a key of its own" : "naturalKey is missing")
    }
    if let name = referenceSource, !Mapping.isName(name, limit: 40) {
      throw fail("referenceSource must be 1 to 40 letters, digits, -, _ or .")
    }
    for value in (states ?? [:]).values where !ImportTarget.states.contains(value) {
      throw fail("\(value) is not a state")
    }
  }
}
