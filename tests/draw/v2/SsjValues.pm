# What verify.pl needs of values: canonical writing, shapes (sections 2 to 9 of PROTOCOL.md), SM3 (GB/T 32905), Ed25519 (RFC 8032).
package SsjValues;
use strict; use warnings; use utf8;
use B ();
use Digest::SHA qw(sha512);
use Encode qw(encode decode);
use JSON::PP ();
use Math::BigInt;
use Scalar::Util qw(refaddr);
use Exporter qw(import);
our @EXPORT_OK = qw(canonical forget read_json shaped day signed sm3 $COMMITMENT $RESULT $TEAMS $CALENDAR $LINE %BODY);

# ---- canonical JSON ----
my %short = ("\"" => "\\\"", "\\" => "\\\\", "\n" => "\\n", "\r" => "\\r", "\t" => "\\t", "\b" => "\\b", "\f" => "\\f");
sub quoted { my ($t) = @_; $t =~ s/([\x00-\x1f"\\])/$short{$1} \/\/ sprintf("\\u%04x", ord $1)/ge; return "\"$t\"" }
# Before Perl 5.36 a number that was joined to a text looks like a text; so parts are written when they are read, and kept.
my %written;
sub forget { %written = () }
sub canonical {
    my ($x) = @_;
    return "null" unless defined $x;
    return $x ? "true" : "false" if JSON::PP::is_bool($x);
    return is_number($x) ? "$x" : quoted($x) unless ref $x;
    return $written{refaddr $x} //= ref $x eq "ARRAY" ? "[" . join(",", map { canonical($_) } @$x) . "]"
        : "{" . join(",", map { quoted($_) . ":" . canonical($x->{$_}) } sort { encode("UTF-16BE", $a) cmp encode("UTF-16BE", $b) } keys %$x) . "}";
}
sub read_json {
    my ($name, $data, $shape) = @_;
    my $text = decode("UTF-8", $data, 1);
    my $value = JSON::PP->new->allow_nonref->decode($text);
    die "$name: not canonical\n" unless canonical($value) eq $text;
    shaped($name, $value, $shape);
    return $value;
}

# ---- shapes: a hash has exactly these keys, a list any number of one shape ----
sub is_number { my ($x) = @_; return 0 if ref $x || !defined $x; my $flags = B::svref_2object(\$x)->FLAGS; return $flags & (B::SVf_IOK | B::SVf_NOK) && !($flags & B::SVf_POK) }
sub fits {
    my ($v, $s) = @_;
    return $s->($v) if ref $s eq "CODE";
    return ref $v eq "ARRAY" && !grep { !fits($_, $s->[0]) } @$v if ref $s eq "ARRAY";
    return ref $v eq "HASH" && keys %$v == keys %$s && !grep { !exists $v->{$_} || !fits($v->{$_}, $s->{$_}) } keys %$s;
}
sub shaped { my ($name, $value, $shape) = @_; die "shape of $name\n" unless fits($value, $shape) }
sub form { my ($p) = @_; return sub { my ($v) = @_; defined $v && !ref $v && !is_number($v) && $v =~ /\A(?:$p)\z/a } }
sub word { my %known = map { $_ => 1 } @_; return sub { my ($v) = @_; defined $v && !ref $v && !is_number($v) && $known{$v} } }
sub either { my @shapes = @_; return sub { my ($v) = @_; return scalar grep { fits($v, $_) } @shapes } }
sub maybe { my ($s) = @_; return sub { my ($v) = @_; !defined $v || fits($v, $s) } }
sub table { my ($s) = @_; return sub { my ($v) = @_; ref $v eq "HASH" && !grep { !text($_) || !fits($v->{$_}, $s) } keys %$v } }
sub text { my ($v) = @_; return defined $v && !ref $v && !is_number($v) && length($v) <= 2000 && $v !~ /[\x00-\x1f]/ }
sub filled { my ($v) = @_; return text($v) && $v =~ /\S/ }
sub number { my ($v) = @_; return is_number($v) && $v =~ /\A(?:0|[1-9][0-9]{0,9})\z/ && $v <= 1e9 }
sub flag { return JSON::PP::is_bool($_[0]) }
my @lengths = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31);
sub day {
    my ($v) = @_;
    return 0 unless form("[0-9]{4}-[0-9]{2}-[0-9]{2}")->($v);
    my ($y, $m, $d) = split /-/, $v;
    return 0 if $y < 1 || $m < 1 || $m > 12 || $d < 1;
    return $d <= $lengths[$m - 1] + ($m == 2 && ($y % 4 == 0 && $y % 100 || $y % 400 == 0) ? 1 : 0);
}
my $at = form('[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\.[0-9]{6}Z');
sub instant { my ($v) = @_; return $at->($v) && day(substr($v, 0, 10)) }
my ($ID, $LOT, $SHA) = (form("[A-Za-z0-9_-]{1,64}"), form("[0-9a-f]{32}"), form("[0-9a-f]{64}"));
my ($text, $filled, $number, $flag, $day) = (\&text, \&filled, \&number, \&flag, \&day);
my $day_or_not = sub { my ($v) = @_; defined $v && !ref $v && ($v eq "" || day($v)) };
my %share = (name => $filled, index => $number, share => $SHA);
my %drawn = (lot => $LOT, position => $number, ticket => $SHA);
my %table = (rows => $number, root => $SHA, sm3 => $SHA);
our $COMMITMENT = {
    spec => word("ssj-draw/2"), ticket_function => word("draft-thomson-elegy-vrs: HMAC-SHA256"), bureau => $filled, purpose => $filled,
    batch_id => $ID, draw_no => $number, items => [$filled], objects => {%table},
    people => maybe({%table}), strata => table({listed => $number}), registered => $number,
    object_rules => {stratum_from => [word(qw(credit_class district section))],
        strata => [{stratum => $filled, min => $number, max => maybe($number),
            bands => [{up_to => maybe($number), count => maybe($number), ratio => maybe($text)}]}],
        groups => [{title => $filled, kind => word(qw(total floor cap)), strata => [$filled], count => maybe($number), ratio => maybe($text)}],
        on_removal => word(qw(fill shrink)), removal_reasons => [$filled]},
    quotas => [{stratum => $filled, map { $_ => $number } qw(listed first shared bounded floored quota)}],
    people_rules => maybe({team_per => word(qw(object section district)), valid_on => $day_or_not, rotation => $flag, replacement_reasons => [$filled],
        places => [{title => $text, pool => word(qw(people experts)), sections => [$filled], own_section => $flag, labels => [$filled],
            items => word(qw(none any all)), district => $flag, certificate => $flag}]}),
    sources => [{kind => word(qw(ssq dlt fc3d pl3 pl5 drand dice)), issue => maybe(form("20[0-9]{5}")), round => maybe($number),
        digits => maybe($number), day => $day}],
    sources_reason => $text, calendar_sha256 => $SHA, draw_by => $day,
    custodians => maybe({threshold => $number, key_sha256 => $SHA, shares => [{name => $filled, index => $number, sha256 => $SHA}]}),
    anchor => {mode => word(qw(signed none)), parties => [{name => $filled, key => $SHA, sample => $flag}], reason => $text},
    software => table($SHA), log => {size => $number, root => $SHA}};
# Commitments before 2026-12 show who takes part.
my %former = (%$COMMITMENT, objects => {%table, eligible => $number, excluded => table($number)},
    strata => table({listed => $number, eligible => $number}), register_counts => table($number),
    object_rules => {%{$COMMITMENT->{object_rules}}, base => word(qw(eligible listed))},
    quotas => [{%{$COMMITMENT->{quotas}[0]}, eligible => $number, base => $number}]);
delete $former{registered};
$COMMITMENT = either($COMMITMENT, \%former);
our $RESULT = {
    spec => word("ssj-draw/2"), commitment => $SHA, watermark => $text, values => [$filled], shares => [{%share}],
    strata => [{stratum => $filled, quota => $number, cutoff => form("[0-9a-f]{64}|"), drawn => [{%drawn}]}],
    removals => [{lot => $LOT, reason => $filled, evidence => $SHA}], visits => [{%drawn, stratum => $filled}]};
$RESULT = either({%$RESULT, opened => [{lot => $LOT, takes_part => $flag, salt => $LOT}]}, $RESULT);
our $TEAMS = {
    spec => word("ssj-draw/2 teams"), units => [{unit => $LOT, objects => [$LOT], members => [{place => $number, lot => $LOT, ticket => $SHA}]}],
    replacements => [{unit => $LOT, place => $number, leaving => $LOT, joining => $LOT, ticket => $SHA, why => $SHA, second => $filled}],
    whys => [{reason => $filled, evidence => $SHA, salt => $LOT}]};
$TEAMS = either({%$TEAMS, key => $SHA}, $TEAMS);
our $CALENDAR = {spec => word("ssj-draw-calendar/2"), issues => table(table([$day]))};
our %BODY = (
    commit => {batch_id => $ID, draw_no => $number, known_from => $day, known_on => $day, draw_by => $day, anchor => word(qw(signed none)), second => $text},
    typed => {sha256 => $SHA}, entropy => {values => [$filled]}, shares => {shares => [{%share}]}, objects => {sha256 => $SHA},
    remove => {lot => $LOT, reason => $filled, evidence => $SHA, second => $filled}, people => {sha256 => $SHA},
    replace => {sha256 => $SHA, second => $filled}, void => {reason => $filled, evidence => $SHA, second => $filled},
    lapse => {}, note => {subject => $filled, sha256 => $SHA});
$BODY{$_}{commitment} = $SHA for keys %BODY;
$BODY{people} = either({commitment => $SHA, hmac_sha256 => $SHA}, $BODY{people});
$BODY{anchor} = {size => $number, root => $SHA, party => $filled, key => $SHA, at => \&instant, signature => form("[0-9a-f]{128}")};
our $LINE = {seq => $number, at => \&instant, behind => $number, by => $filled, kind => word(keys %BODY), body => sub { ref $_[0] eq "HASH" }};

# ---- SM3 ----
sub sm3 {
    my ($data) = @_;
    my @v = (0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e);
    my $m = 0xffffffff;
    my $size = length $data;
    $data .= "\x80" . "\0" x ((55 - $size) % 64) . pack("Q>", 8 * $size);
    for (my $from = 0; $from < length $data; $from += 64) {
        my @w = unpack("N16", substr($data, $from, 64));
        for my $j (16 .. 67) {
            my ($p, $q) = ($w[$j - 3], $w[$j - 13]);
            my $x = $w[$j - 16] ^ $w[$j - 9] ^ (($p << 15 | $p >> 17) & $m);
            $w[$j] = $x ^ (($x << 15 | $x >> 17) & $m) ^ (($x << 23 | $x >> 9) & $m) ^ (($q << 7 | $q >> 25) & $m) ^ $w[$j - 6];
        }
        my ($a, $b, $c, $d, $e, $f, $g, $h) = @v;
        for my $j (0 .. 63) {
            my ($k, $r) = ($j < 16 ? 0x79cc4519 : 0x7a879d8a, $j % 32);
            my $turned = $r ? ($k << $r | $k >> (32 - $r)) & $m : $k;
            my $top = ($a << 12 | $a >> 20) & $m;
            my $s = ($top + $e + $turned) & $m; $s = ($s << 7 | $s >> 25) & $m;
            my $t = (($j < 16 ? $a ^ $b ^ $c : $a & $b | $a & $c | $b & $c) + $d + ($s ^ $top) + ($w[$j] ^ $w[$j + 4])) & $m;
            my $u = (($j < 16 ? $e ^ $f ^ $g : $e & $f | ~$e & $g & $m) + $h + $s + $w[$j]) & $m;
            ($a, $b, $c, $d, $e, $f, $g, $h) = ($t, $a, ($b << 9 | $b >> 23) & $m, $c, $u ^ (($u << 9 | $u >> 23) & $m) ^ (($u << 17 | $u >> 15) & $m), $e, ($f << 19 | $f >> 13) & $m, $g);
        }
        my @new = ($a, $b, $c, $d, $e, $f, $g, $h);
        $v[$_] ^= $new[$_] for 0 .. 7;
    }
    return sprintf "%08x" x 8, @v;
}

# ---- Ed25519: numbers modulo p as ten whole numbers of 26 and 25 bits in turn ----
my $P = Math::BigInt->new(2)->bpow(255)->bsub(19);
my $ORDER = Math::BigInt->new(2)->bpow(252)->badd("27742317777372353535851937790883648493");
my @at = map { int((51 * $_ + 1) / 2) } 0 .. 9;
sub limbs { my $n = Math::BigInt->new($_[0])->bmod($P); return [map { my $w = $_ % 2 ? 25 : 26; $n->copy->brsft($at[$_])->band((1 << $w) - 1)->numify } 0 .. 9] }
sub whole { my ($x) = @_; my $n = Math::BigInt->new(0); $n->badd(Math::BigInt->new($x->[$_])->blsft($at[$_])) for 0 .. 9; return $n->bmod($P) }
sub plus { my ($x, $y) = @_; return [map { $x->[$_] + $y->[$_] } 0 .. 9] }
sub minus { my ($x, $y) = @_; return [map { $x->[$_] - $y->[$_] } 0 .. 9] }
my @sums = map { my $k = $_; join " + ", map { my ($i, $j) = ($_, ($k - $_) % 10); my $by = ($i % 2 && $j % 2 ? 2 : 1) * ($i + $j > 9 ? 19 : 1);
    "\$x->[$i] * \$y->[$j]" . ($by > 1 ? " * $by" : "") } 0 .. 9 } 0 .. 9;
my $carries = join "\n", map { my ($i, $w) = ($_, $_ % 2 ? 25 : 26); my $to = ($i + 1) % 10;
    "\$c = (\$h[$i] + " . (1 << $w - 1) . ") >> $w; \$h[$i] -= \$c * " . (1 << $w) . "; \$h[$to] += \$c" . ($to ? "" : " * 19") . ";" } 0 .. 9, 0;
eval "sub product { use integer; my (\$x, \$y) = \@_; my \$c; my \@h = (" . join(",\n", @sums) . ");\n$carries\nreturn \\\@h } 1" or die $@;
sub to_power { my ($x, $n) = @_; my $r = limbs(1); for my $bit (split //, substr($n->as_bin, 2)) { $r = product($r, $r); $r = product($r, $x) if $bit } return $r }
my $CURVE = limbs(Math::BigInt->new(121666)->bmodinv($P)->bmul(-121665));
my $TWICE = plus($CURVE, $CURVE);
sub joined {
    my ($p, $q) = @_;
    my ($a, $b) = (product(minus($p->[1], $p->[0]), minus($q->[1], $q->[0])), product(plus($p->[1], $p->[0]), plus($q->[1], $q->[0])));
    my $c = product(product($p->[3], $TWICE), $q->[3]); my $d = product($p->[2], $q->[2]); $d = plus($d, $d);
    my ($e, $f, $g, $h) = (minus($b, $a), minus($d, $c), plus($d, $c), plus($b, $a));
    return [product($e, $f), product($g, $h), product($f, $g), product($e, $h)];
}
sub number_of { return Math::BigInt->from_hex(unpack("H*", reverse $_[0])) }
sub point_of {
    my ($data) = @_;
    my $y = number_of($data); my $sign = ord(substr($data, 31)) >> 7;
    $y->bsub(Math::BigInt->new(2)->bpow(255)) if $sign;
    return if $y >= $P;
    my $s = product(limbs($y), limbs($y));
    my $square = product(minus($s, limbs(1)), to_power(plus(product($CURVE, $s), limbs(1)), $P - 2));
    my $x = to_power($square, ($P + 3) / 8);
    $x = product($x, to_power(limbs(2), ($P - 1) / 4)) if whole(minus(product($x, $x), $square)) != 0;
    return if whole(minus(product($x, $x), $square)) != 0;
    my $n = whole($x);
    return if $n == 0 && $sign;
    $n = $P - $n if $n->is_odd != $sign;
    return [limbs($n), limbs($y), limbs(1), product(limbs($n), limbs($y))];
}
my $BASE = point_of(pack("H*", "58" . "66" x 31));
my %seen;
sub signed {
    my ($key, $message, $signature) = @_;
    return $seen{"$key$signature$message"} //= _signed($key, $message, $signature) ? 1 : 0;
}
sub _signed {
    my ($key, $message, $signature) = @_;
    my ($public, $nonce, $s) = (point_of($key), point_of(substr($signature, 0, 32)), number_of(substr($signature, 32)));
    return 0 unless $public && $nonce && $s < $ORDER;
    my $h = number_of(sha512(substr($signature, 0, 32) . $key . $message))->bmod($ORDER);
    # s·B − h·A is R: both sums are made side by side.
    my $less = [minus(limbs(0), $public->[0]), $public->[1], $public->[2], minus(limbs(0), $public->[3])];
    my @add = (undef, $BASE, $less, joined($BASE, $less));
    my ($one, $other) = map { sprintf "%256s", substr($_->as_bin, 2) } $s, $h;
    my $found = [limbs(0), limbs(1), limbs(1), limbs(0)];
    for my $i (0 .. 255) {
        $found = joined($found, $found);
        my $add = $add[(substr($one, $i, 1) eq "1" ? 1 : 0) + (substr($other, $i, 1) eq "1" ? 2 : 0)];
        $found = joined($found, $add) if $add;
    }
    return !grep { whole(minus($found->[$_], product($nonce->[$_], $found->[2]))) != 0 } 0, 1;
}
1;
