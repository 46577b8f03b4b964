package import Foundation
package import PayopsCore

extension SimulationExport {
  /// Writes payments.csv into a directory, which is made when it is not there.
  ///
  /// - Parameters:
  ///   - directory: the directory
  ///   - now: the present
  ///   - progress: gets how many payments are written
  /// - Throws: ``Fault`` for what cannot be made or written
  package func write(
    into directory: URL, now: CivilInstant, progress: (Int) -> Void
  ) throws -> ExportReport {
    let start = ContinuousClock.now
    let path = directory.path(percentEncoded: false)
    do {
      try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    } catch {
      throw Fault(
        .cannotCreate, "cannot create directory \(path)", hint: "choose one that you may write to")
    }
    let target = directory.appending(path: "payments.csv")
    let file = try PartialFile(for: target)
    var lines = 0
    do {
      try writePayments(now: now) { bytes in
        try file.write(bytes)
        lines += bytes.count { $0 == 0x0A }
        progress(max(0, lines - 1))
      }
      try file.finish()
    } catch {
      file.discard()
      throw error
    }
    return ExportReport(
      file: target.path(percentEncoded: false), payments: max(0, lines - 1),
      seconds: start.duration(to: .now) / .seconds(1))
  }
}
