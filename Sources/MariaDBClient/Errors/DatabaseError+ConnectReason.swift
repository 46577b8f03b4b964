internal import Foundation

extension DatabaseError {
  /// Why there is no connection, in our own words, never the server's; nil when unknown.
  var connectReason: String? {
    guard code == .cannotConnect else { return nil }
    switch errno {
    case 0: return serverMessage.isEmpty ? nil : Self.phrase(serverMessage)
    // The library puts the number of the operating system's error at the end.
    case 2001...2004:
      guard let match = serverMessage.firstMatch(of: #/\(([0-9]+)\)$/#), let number = Int32(match.1)
      else { return nil }
      return Self.phrase(String(cString: strerror(number)))
    case 2005: return "unknown host"
    case 2006, 2013, 2055: return "the server closed the connection before the login"
    case 1040: return "the server has too many connections"
    case 1129: return "the server blocks this host after too many failures"
    case 1130: return "the server does not accept connections from this host"
    default: return nil
    }
  }

  private static func phrase(_ text: String) -> String {
    text.prefix(1).lowercased() + text.dropFirst()
  }
}
