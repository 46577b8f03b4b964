/// Translates patterns of rules or subjects between the form that people write (`*` for any text,
/// `?` for one character) and that of LIKE.
package enum AlertPattern {
  /// Translates a pattern for LIKE; characters that LIKE reads as wildcards are escaped.
  ///
  /// - Parameter text: the pattern as it was written
  /// - Returns: the pattern for LIKE with its usual escape character
  package static func like(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "*": result += "%"
      case "?": result += "_"
      case "%", "_", "\\": result += "\\\(scalar)"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Translates a pattern from LIKE.
  ///
  /// - Parameter like: the pattern for LIKE
  /// - Returns: the pattern as people write it
  package static func text(_ like: String) -> String {
    var result = ""
    var isEscaped = false
    for scalar in like.unicodeScalars {
      switch scalar {
      case _ where isEscaped:
        result.unicodeScalars.append(scalar)
        isEscaped = false
      case "\\": isEscaped = true
      case "%": result += "*"
      case "_": result += "?"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return isEscaped ? result + "\\" : result
  }
}
