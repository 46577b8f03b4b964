/// What mariadb-install-db writes.
enum InstallerOutput {
  /// The output without the advice that follows every failure.
  ///
  /// - Parameter output: all that the program wrote.
  /// - Returns: the lines that tell what happened.
  static func complaint(_ output: String) -> String {
    let lines = output.split(separator: "\n")
    let end = lines.firstIndex { $0.hasPrefix("The problem could be conflicting") }
    return lines[..<(end ?? lines.endIndex)].suffix(12).joined(separator: "\n")
  }
}
