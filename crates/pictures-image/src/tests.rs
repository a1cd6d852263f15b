//! Pictures of every kind, honest and hostile.

mod fixtures;

use std::iter;

use image::{DynamicImage, GenericImageView, ImageFormat, Luma, LumaA, Rgb, Rgba};

use self::fixtures::{
    BLUE, KINDS, RED, SECRET, contains, corner, encoded, moving_gif, moving_webp, noise, png_header, with_chunk,
    with_exif,
};
use super::*;

/// Bounds of pixels and memory as shipped; patience for a machine that is busy with other tests.
fn patient() -> PictureOptions {
    PictureOptions { wait: Duration::from_mins(1), ..PictureOptions::default() }
}

fn process(bytes: &[u8]) -> Result<ProcessedPicture, PictureError> {
    ImagePictures::new(patient()).process(bytes)
}

/// The picture that came out. It must be one chunk of pixels from the first byte to the last.
#[track_caller]
fn painted(bytes: &[u8]) -> DynamicImage {
    let picture = process(bytes).unwrap();
    let bytes = &picture.bytes;
    let length = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap()) as usize;
    assert_eq!((&bytes[..4], &bytes[8..16]), (&b"RIFF"[..], &b"WEBPVP8L"[..]));
    assert_eq!((length(4), length(16).next_multiple_of(2)), (bytes.len() - 8, bytes.len() - 20));
    assert_eq!(picture.extension, "webp");
    image::load_from_memory_with_format(bytes, ImageFormat::WebP).unwrap()
}

fn near(left: Rgba<u8>, right: Rgb<u8>) -> bool {
    iter::zip(left.0, right.0).all(|(left, right)| left.abs_diff(right) < 32)
}

#[test]
fn r71_each_of_the_four_kinds_is_taken_with_its_pixels() {
    for kind in KINDS {
        let picture = painted(&encoded(&corner(40, 30), kind));
        assert_eq!(picture.dimensions(), (40, 30), "{kind:?}");
        assert!(near(picture.get_pixel(20, 20), BLUE), "{kind:?}");
        if kind != ImageFormat::Jpeg {
            assert!(near(picture.get_pixel(0, 0), RED), "{kind:?}");
        }
    }
    let noise = noise(40, 30);
    for kind in [ImageFormat::Png, ImageFormat::WebP] {
        assert_eq!(painted(&encoded(&noise, kind)).to_rgb8(), noise.to_rgb8(), "lossless {kind:?}");
    }
}

#[test]
fn r71_every_depth_of_colour_is_taken_and_transparency_stays() {
    use image::ImageBuffer;
    let pictures: [DynamicImage; 6] = [
        ImageBuffer::from_pixel(4, 4, Luma([128u8])).into(),
        ImageBuffer::from_pixel(4, 4, LumaA([128u8, 64])).into(),
        ImageBuffer::from_pixel(4, 4, Rgba([1u8, 2, 3, 64])).into(),
        ImageBuffer::from_pixel(4, 4, Luma([128u16 * 257])).into(),
        ImageBuffer::from_pixel(4, 4, Rgb([257u16, 514, 771])).into(),
        ImageBuffer::from_pixel(4, 4, Rgba([257u16, 514, 771, 64 * 257])).into(),
    ];
    for picture in pictures {
        let out = painted(&encoded(&picture, ImageFormat::Png));
        assert_eq!(out.to_rgba8(), picture.to_rgba8(), "{:?}", picture.color());
    }
}

#[test]
fn r71_of_a_moving_picture_the_first_frame_is_taken() {
    for moving in [moving_gif(RED, BLUE), moving_webp(RED, BLUE)] {
        let picture = painted(&moving);
        assert_eq!(picture.dimensions(), (8, 8));
        assert!(picture.pixels().all(|(_, _, pixel)| near(pixel, RED)));
    }
}

#[test]
fn r71_whatever_is_no_picture_of_the_four_kinds_is_refused() {
    let svg = br#"<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>"#;
    let png = encoded(&corner(4, 4), ImageFormat::Png);
    for bytes in [
        &b""[..],
        b"\x89",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff",
        b"\xff\xd8\xff\xda\xff\xd9",
        b"GIF89a",
        b"RIFF\x04\0\0\0WEBP",
        svg,
        b"<?xml version=\"1.0\"?><svg/>",
        b"<!DOCTYPE html><script>alert(1)</script>",
        b"BM\x3a\0\0\0\0\0\0\0\x36\0\0\0",
        b"II*\0\x08\0\0\0",
        b"\0\0\x01\0\x01\0",
        b"\0\0\0\x20ftypavif",
        b"%PDF-1.7",
        b"P6 1 1 255 abc",
        &[b"<html>".as_slice(), &png].concat(),
        &[0; 4096],
    ] {
        assert_eq!(process(bytes), Err(PictureError::Unsupported), "{:?}", &bytes[..bytes.len().min(20)]);
    }
}

#[test]
fn r71_a_broken_picture_is_refused() {
    for kind in KINDS {
        let whole = encoded(&noise(64, 64), kind);
        for end in [whole.len() / 4, whole.len() / 2, whole.len() * 3 / 4] {
            assert_eq!(process(&whole[..end]), Err(PictureError::Unsupported), "{kind:?}, {end} of {}", whole.len());
        }
    }
    // The end of the thumbnail is not the end of the picture.
    let jpeg = with_exif(&noise(64, 64), ImageFormat::Jpeg, 1);
    assert!(process(&jpeg).is_ok());
    assert_eq!(process(&jpeg[..jpeg.len() / 2]), Err(PictureError::Unsupported));
}

#[test]
fn r72_a_large_picture_shrinks_to_fit_and_a_small_one_stays() {
    for (width, height, expected) in [
        (1000, 500, (512, 256)),
        (500, 1000, (256, 512)),
        (513, 513, (512, 512)),
        (512, 512, (512, 512)),
        (10, 3, (10, 3)),
        (1, 1, (1, 1)),
        (4096, 1, (512, 1)),
    ] {
        let picture = painted(&encoded(&corner(width, height), ImageFormat::Png));
        assert_eq!(picture.dimensions(), expected, "{width}x{height}");
    }
}

#[test]
fn r72_a_picture_is_turned_upright_before_its_metadata_go() {
    // Where the red corner belongs, by orientation (Exif 2.3, tag 0x0112).
    let corners = [(0, 0), (2, 0), (2, 1), (0, 1), (0, 0), (1, 0), (1, 2), (0, 2)];
    for (orientation, (x, y)) in iter::zip(1.., corners) {
        for kind in [ImageFormat::Png, ImageFormat::WebP] {
            let picture = painted(&with_exif(&corner(3, 2), kind, orientation));
            let turned = orientation > 4;
            assert_eq!(picture.dimensions(), if turned { (2, 3) } else { (3, 2) }, "{kind:?} {orientation}");
            let red = picture.pixels().find(|(.., pixel)| near(*pixel, RED)).unwrap();
            assert_eq!((red.0, red.1), (x, y), "{kind:?} {orientation}");
        }
        let picture = painted(&with_exif(&corner(600, 300), ImageFormat::Jpeg, orientation));
        assert_eq!(picture.dimensions(), if orientation > 4 { (256, 512) } else { (512, 256) }, "JPEG {orientation}");
    }
}

#[test]
fn r72_nothing_but_pixels_survives() {
    for kind in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP] {
        let bytes = with_exif(&corner(16, 16), kind, 1);
        painted(&bytes);
        assert!(!contains(&process(&bytes).unwrap().bytes, SECRET.as_bytes()), "{kind:?}");
    }
    let png = encoded(&corner(16, 16), ImageFormat::Png);
    let commented = with_chunk(&png, *b"tEXt", format!("Comment\0{SECRET}").as_bytes());
    assert!(contains(&commented, SECRET.as_bytes()));
    assert_eq!(process(&commented), process(&png));
}

#[test]
fn r72_a_picture_that_is_also_a_page_comes_out_as_a_picture() {
    let page = b"<html><script>alert(document.cookie)</script></html>";
    for kind in KINDS {
        let picture = encoded(&corner(16, 16), kind);
        let polyglot = [&picture, page.as_slice()].concat();
        painted(&polyglot);
        assert_eq!(process(&polyglot), process(&picture), "{kind:?}");
    }
}

#[test]
fn r73_a_picture_that_claims_to_be_huge_is_refused_by_its_header() {
    // Ten thousand million bytes of pixels, if anybody made room for them.
    assert_eq!(process(&png_header(50_000, 50_000)), Err(PictureError::TooLarge { side: 4096 }));
    assert_eq!(process(&png_header(4097, 1)), Err(PictureError::TooLarge { side: 4096 }));
    assert_eq!(process(&png_header(4096, 4096)), Err(PictureError::Unsupported), "within bounds, but without pixels");
}

#[test]
fn r73_the_bounds_hold_for_every_kind() {
    let options = PictureOptions { max_side: 64, ..patient() };
    for kind in KINDS {
        let process = |width, height| ImagePictures::new(options).process(&encoded(&corner(width, height), kind));
        assert!(process(64, 64).is_ok(), "{kind:?}");
        assert_eq!(process(65, 1), Err(PictureError::TooLarge { side: 64 }), "{kind:?}");
        assert_eq!(process(1, 65), Err(PictureError::TooLarge { side: 64 }), "{kind:?}");

        let frugal = ImagePictures::new(PictureOptions { max_alloc: 64 * 64 * 3 - 1, ..options });
        let picture = encoded(&corner(64, 64), kind);
        assert_eq!(frugal.process(&picture), Err(PictureError::TooLarge { side: 64 }), "{kind:?}");
    }
}

#[test]
fn r73_no_more_pictures_than_permitted_are_decoded_at_once() {
    let pictures = ImagePictures::new(PictureOptions { permits: 1, ..patient() });
    let impatient = ImagePictures {
        options: PictureOptions { wait: Duration::from_millis(30), ..pictures.options },
        semaphore: Arc::clone(&pictures.semaphore),
    };
    let bytes = encoded(&corner(4, 4), ImageFormat::Png);
    let permit = Semaphore::acquire(&pictures.semaphore, Instant::now()).unwrap();
    assert_eq!(impatient.process(&bytes), Err(PictureError::Busy));
    thread::scope(|scope| {
        let waiting = scope.spawn(|| pictures.process(&bytes));
        drop(permit);
        assert!(waiting.join().unwrap().is_ok());
    });
    assert!(pictures.process(&bytes).is_ok(), "the permit came back");
}

#[test]
fn r73_a_picture_that_takes_too_long_is_given_up_and_its_permit_comes_back_when_it_ends() {
    let pictures = ImagePictures::new(PictureOptions { permits: 1, wait: Duration::ZERO, ..patient() });
    let bytes = encoded(&noise(1500, 1500), ImageFormat::Png);
    assert_eq!(pictures.process(&bytes), Err(PictureError::Busy));
    assert!(Semaphore::acquire(&pictures.semaphore, Instant::now()).is_none(), "still at work");
    assert!(Semaphore::acquire(&pictures.semaphore, Instant::now() + Duration::from_mins(1)).is_some());
}
