package import Tabular

extension ImportSummary {
  /// What became of the records, in one line.
  package var text: String {
    func text(_ count: Int64) -> String { Int(count).grouped }
    return "import \(importID): \(text(counts.read)) read = \(text(counts.loaded)) loaded"
      + " + \(text(counts.updated)) updated + \(text(counts.duplicate)) duplicate"
      + " + \(text(counts.quarantined)) quarantined\n"
  }

  /// What else is to be said.
  package var notes: [String] {
    remarks.map { "note: \($0)" }
      + (counts.quarantined > 0
        ? [
          "see: SELECT line_number, column_name, reason FROM import_quarantine"
            + " WHERE import_id = \(importID)"
        ] : [])
  }

  /// All of it.
  package var json: JSON {
    .pairs([
      "import_id": .integer(importID), "source": .string(source),
      "target": .string(target.rawValue), "read": .integer(counts.read),
      "loaded": .integer(counts.loaded), "updated": .integer(counts.updated),
      "duplicate": .integer(counts.duplicate), "quarantined": .integer(counts.quarantined),
      "checksum": .string(checksum), "remarks": .array(remarks.map(JSON.string)),
    ])
  }
}
