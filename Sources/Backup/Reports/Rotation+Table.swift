import PayopsCore
package import Tabular

extension Rotation.Outcome {
  /// A row for each backup with the decision and its reasons.
  ///
  /// - Parameter isDryRun: whether nothing was deleted
  package func table(isDryRun: Bool) -> DataTable {
    DataTable(
      columns: ["backup", "decision", "because"].map { .init(name: $0) },
      rows: decisions.map { decision in
        [
          decision.backup.id, decision.isKept ? "keep" : isDryRun ? "would delete" : "deleted",
          decision.reasons.map(\.rawValue).joined(separator: ", "),
        ]
      })
  }
}
