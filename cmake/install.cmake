# `cmake --install`: the program, its man page and completions (written by the program itself, so that they cannot
# drift), the systemd units with a system user, and a commented settings file that an upgrade never overwrites.

include(GNUInstallDirs)

install(TARGETS ballast RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(FILES README.md LICENSE CHANGELOG.md SECURITY.md DESTINATION ${CMAKE_INSTALL_DOCDIR})

# generated(FILE DESTINATION ARGUMENTS...): what `ballast ARGUMENTS` prints becomes FILE.
function(install_generated file destination)
  string(JOIN " " arguments ${ARGN})
  install(CODE "
    execute_process(COMMAND $<TARGET_FILE:ballast> ${arguments}
                    OUTPUT_FILE \"${CMAKE_BINARY_DIR}/generated/${file}\" RESULT_VARIABLE status)
    if(NOT status EQUAL 0)
      message(FATAL_ERROR \"`ballast ${arguments}` failed (\${status}), so ${file} was not made\")
    endif()")
  install(FILES ${CMAKE_BINARY_DIR}/generated/${file} DESTINATION ${destination})
endfunction()

file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/generated)
install_generated(ballast.1 ${CMAKE_INSTALL_MANDIR}/man1 man)
install_generated(ballast ${CMAKE_INSTALL_DATADIR}/bash-completion/completions completions bash)
install_generated(_ballast ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions completions zsh)
install_generated(ballast.fish ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d completions fish)

# systemd reads /usr/local/lib/systemd and /usr/lib/systemd alike; sysusers.d only below /usr/lib and /etc.
install(CODE "
  set(BALLAST_PROGRAM \"\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_BINDIR}/ballast\")
  configure_file(\"${CMAKE_SOURCE_DIR}/packaging/ballast.service.in\"
                 \"${CMAKE_BINARY_DIR}/generated/ballast.service\" @ONLY)")
install(FILES ${CMAKE_BINARY_DIR}/generated/ballast.service packaging/ballast.socket DESTINATION lib/systemd/system)
install(FILES packaging/ballast.sysusers DESTINATION lib/sysusers.d RENAME ballast.conf)
install(FILES packaging/ballast.toml DESTINATION ${CMAKE_INSTALL_DATADIR}/ballast)
