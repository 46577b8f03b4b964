internal import Foundation

extension SealKeys {
  /// Where the file of keys is.
  ///
  /// - Parameters:
  ///   - path: the file that was named; nil for none
  ///   - environment: the environment, for PAYOPS_SEAL_KEY
  package static func usualPath(
    named path: String?, environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> String {
    path ?? inEnvironment(environment) ?? "/etc/payops/seal.key"
  }

  /// Reads the keys.
  ///
  /// - Parameters:
  ///   - path: the file that was named; nil for none
  ///   - environment: the environment, for PAYOPS_SEAL_KEY
  /// - Returns: nil when no file is named and the usual one does not exist
  /// - Throws: ``SealingError/Code/unusableKey``
  package static func find(
    named path: String?, environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws(SealingError) -> SealKeys? {
    let file = usualPath(named: path, environment: environment)
    let isNamed = path != nil || inEnvironment(environment) != nil
    guard isNamed || FileManager.default.fileExists(atPath: file) else { return nil }
    return try SealKeys(file: file)
  }

  private static func inEnvironment(_ environment: [String: String]) -> String? {
    environment["PAYOPS_SEAL_KEY"].flatMap { $0.isEmpty ? nil : $0 }
  }
}
