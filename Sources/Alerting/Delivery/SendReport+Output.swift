package import Tabular

extension SendReport {
  /// The report in one line.
  package var text: String {
    "\(delivered) delivered, \(retried) to be retried,"
      + " \(failed) given up\(lost > 0 ? ", \(lost) lost" : "")\n"
  }

  /// The report as JSON.
  package var json: JSON {
    .pairs([
      "delivered": .integer(delivered), "retried": .integer(retried), "failed": .integer(failed),
      "lost": .integer(lost), "is_cut_short": .bool(isCutShort),
      "reasons": .array(reasons.map { .string($0) }),
    ])
  }
}
