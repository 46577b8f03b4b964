import Foundation

/// This machine.
package enum Host {
  /// Its name.
  package static let name = ProcessInfo.processInfo.hostName
}
