import PayopsCore
package import Tabular

extension Rotation.Outcome {
  /// A row for each backup with the decision and its reasons.
  ///
  /// - Parameter isDryRun: whether nothing was deleted
  package func table(isDryRun: Bool) -> DataTable {
    DataTable(
      columns: [
        .init(name: "backup"), .init(name: "decision", role: .key),
        .init(name: "because", role: .text),
      ],
      rows: decisions.map { decision in
        [
          decision.backup.id, decision.isKept ? "keep" : isDryRun ? "would delete" : "deleted",
          decision.reasons.map(\.rawValue).joined(separator: ", "),
        ]
      })
  }
}
