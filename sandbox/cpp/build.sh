#!/bin/sh
# Compile in advance what every C++ program shares: the proof of a pass, and the usual headers.
# A precompiled header is found again by the standard and the text that it was made of.
set -eu
cd "$(dirname "$0")"

gcc -std=c11 -O2 -fno-stack-protector -Wall -Wextra -Werror -c proof.c -o proof.o
g++ -O2 -fPIC -shared -fno-rtti "-I$(g++ -print-file-name=plugin)/include" instantiate.cc \
  -o instantiate.so
for source in preambles/*.h; do
  name=$(basename "$source" .h)
  standard=${name%%-*}
  folder=precompiled/$standard-$(sha256sum "$source" | cut -c 1-16)
  mkdir -p "$folder"
  { cat include/aibench.h "$source"; echo '#pragma aibench instantiate'; } >"$folder/first.h"
  g++ "-std=$standard" -O0 -fplugin=./instantiate.so -Iinclude -x c++-header "$folder/first.h" -o "$folder/first.h.gch"
done
rm instantiate.so
