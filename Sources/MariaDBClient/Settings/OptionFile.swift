internal import Foundation

/// The options of the client groups of one option file, in the format of MariaDB's own clients.
struct OptionFile: Equatable {
  /// The groups that are read.
  static let groups: Set<String> = ["client", "client-server", "client-mariadb", "payops"]

  /// One line of a file.
  struct Option: Equatable {
    let group: String
    /// Name in lower case with `-` for `_`.
    let name: String
    /// Value without quotes; nil when the line has no `=`.
    let value: String?
    /// Whether a program that does not know the option ignores it (`loose-`).
    var isLoose = false

    /// Whether it holds a password, by itself or within a URL.
    var holdsPassword: Bool {
      switch name {
      case "password": value.map { !$0.isEmpty } ?? false
      case "url": (try? DatabaseURL(value ?? "", source: ""))?.password != nil
      default: false
      }
    }
  }

  let path: String
  var options: [Option] = []

  /// The files that MariaDB's clients read.
  static func usualPaths(_ environment: [String: String]) -> [String] {
    let home = environment["HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? NSHomeDirectory()
    return ["/etc/my.cnf", "/etc/mysql/my.cnf", home + "/.my.cnf"]
  }

  /// Reads files in order, each followed by the files that it includes where it includes them.
  ///
  /// - Parameters:
  ///   - paths: the files.
  ///   - mayBeMissing: whether a file that does not exist is skipped.
  /// - Returns: the parts of the files in the order in which they apply.
  static func read(paths: [String], mayBeMissing: Bool) throws(SettingsError) -> [OptionFile] {
    var parts: [OptionFile] = []
    for path in paths {
      if mayBeMissing, access(path, F_OK) != 0 { continue }
      try read(path, depth: 0, into: &parts)
    }
    return parts
  }

  private static func read(_ path: String, depth: Int, into parts: inout [OptionFile])
    throws(SettingsError)
  {
    guard depth < 10 else {
      throw SettingsError(
        code: .malformedFile, description: "\(path): option files include each other in a circle")
    }
    let (text, mode) = try contents(of: path)
    var part = OptionFile(path: path)
    var group = ""
    // Swift treats a carriage return with a line feed as one character.
    let lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
    for (index, line) in lines.enumerated() {
      let place = "\(path) line \(index + 1)"
      let trimmed = line.trimmingCharacters(
        in: .whitespaces.union(CharacterSet(charactersIn: "\r")))
      if trimmed.isEmpty || trimmed.hasPrefix("#") || trimmed.hasPrefix(";") { continue }
      if trimmed.hasPrefix("[") {
        guard let end = trimmed.firstIndex(of: "]") else {
          throw SettingsError(code: .malformedFile, description: "\(place): a group is not closed")
        }
        group = trimmed[trimmed.index(after: trimmed.startIndex)..<end]
          .trimmingCharacters(in: .whitespaces)
      } else if trimmed.hasPrefix("!") {
        parts.append(part)
        part = OptionFile(path: path)
        try include(trimmed, from: path, place: place, depth: depth, into: &parts)
      } else if groups.contains(group) {
        part.options.append(try OptionLine.parse(trimmed, group: group, place: place))
      }
    }
    parts.append(part)
    if mode.isReadByOthers,
      parts.contains(where: { $0.path == path && $0.options.contains(where: \.holdsPassword) })
    {
      throw SettingsError(
        code: .unsafeFile,
        description: "the option file \(path) holds a password and can be read by others",
        hint: "chmod 600 \(path)")
    }
  }

  private static func include(
    _ line: String, from path: String, place: String, depth: Int, into parts: inout [OptionFile]
  ) throws(SettingsError) {
    let words = line.split(maxSplits: 1, whereSeparator: \.isWhitespace)
    guard words.count == 2, ["!include", "!includedir"].contains(words[0]) else {
      throw SettingsError(
        code: .malformedFile, description: "\(place): neither !include nor !includedir with a path")
    }
    var target = words[1].trimmingCharacters(in: .whitespaces)
    if !target.hasPrefix("/") {
      target = (path as NSString).deletingLastPathComponent + "/" + target
    }
    if words[0] == "!include" {
      try read(target, depth: depth + 1, into: &parts)
      return
    }
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: target) else {
      throw SettingsError(
        code: .unreadableFile, description: "\(place): cannot read the directory \(target)")
    }
    for name in names.sorted() where name.hasSuffix(".cnf") {
      try read(target + "/" + name, depth: depth + 1, into: &parts)
    }
  }

  /// Who may read a file.
  private struct Mode {
    let info: stat
    let path: String

    /// Whether anyone may read it besides its owner and a group that root has chosen.
    ///
    /// Files below /run/secrets are visible to one container only. A pipe has one reader.
    var isReadByOthers: Bool {
      guard info.st_mode & S_IFMT == S_IFREG, !path.hasPrefix("/run/secrets/") else { return false }
      return info.st_mode & (info.st_uid == 0 ? 0o007 : 0o077) != 0
    }
  }

  private static func contents(of path: String) throws(SettingsError) -> (String, Mode) {
    var info = stat()
    guard stat(path, &info) == 0 else {
      throw SettingsError(
        code: .unreadableFile,
        description: "cannot read the option file \(path): "
          + String(cString: strerror(errno)))
    }
    // MariaDB's clients silently ignore such a file, and with it the password.
    guard info.st_mode & S_IFMT != S_IFREG || info.st_mode & S_IWOTH == 0 else {
      throw SettingsError(
        code: .unsafeFile, description: "the option file \(path) can be written by everybody",
        hint: "chmod 600 \(path)")
    }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw SettingsError(
        code: .unreadableFile, description: "cannot read the option file \(path)",
        hint: "check its owner and mode")
    }
    guard let text = String(validating: data, as: UTF8.self) else {
      throw SettingsError(
        code: .malformedFile, description: "the option file \(path) is not UTF-8")
    }
    return (text, Mode(info: info, path: path))
  }
}
