internal import Foundation

/// Finds installed programs.
package enum ProgramSearch {
  /// Folders of `PATH` and those that the PATH of an ordinary user lacks.
  package static let usualFolders: [String] = {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    return path.split(separator: ":").map(String.init)
      + ["/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin"]
  }()

  /// The path of a program; nil when no folder holds it.
  package static func find(_ name: String, in folders: [String] = usualFolders) -> String? {
    folders.lazy.map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
  }
}
